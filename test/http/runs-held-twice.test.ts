import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  atFirstStep,
  executionOf,
  startRunWorld,
  stepOf,
  stepReport,
  type RunWorld,
} from '../kit/run-world.ts';

let world: RunWorld;
beforeAll(async () => {
  world = await startRunWorld();
});
afterAll(() => world.server.stop());

describe('an order of the EOC to hold at the next safe place', () => {
  it('is not forgotten when the step fails first: only those on duty let the run go on', async () => {
    const { run, runner, told } = await atFirstStep(world, {
      steps: [stepOf('first', { idempotent: true })],
    });
    const wanted = await world.say(run, 'hold', { because: 'wait for me' }, world.cora);
    expect(wanted.body.holdWanted).toBe(true);
    const failed = { execution: executionOf({ ok: false, exitCode: 1 }), after: [] };
    const held = (await runner.advance(stepReport(told, 'first', failed))).body.run;
    expect(held.hold).toMatchObject({ cause: 'step', by: 'cora', needsPerson: true });
    expect((await world.say(run, 'go-on')).body.message).toContain('only the EOC or the IMOC');
    expect((await world.say(run, 'go-on', undefined, world.ira)).status).toBe(200);
    // Said before the runner asked: the word to go on is taken back.
    expect((await world.say(run, 'hold', { because: 'no, wait' }, world.cora)).status).toBe(200);
    expect((await runner.advance()).body.instruction.kind).toBe('hold');
  });
});

describe('a run that is held for metrics and would go on by itself', () => {
  it('is held by a person too, and then goes on only by a word', async () => {
    const { run, runner, told } = await atFirstStep(world);
    await world.prove('unknown');
    await runner.advance(stepReport(told, 'first'));
    expect((await world.say(run, 'hold', { because: 'wait for me' })).status).toBe(200);
    expect((await world.say(run, 'hold', { because: 'again' })).body.code).toBe('conflict');
    expect((await world.say(run, 'hold', { because: 'I say so' }, world.cora)).status).toBe(200);
    await world.prove('pass');
    for (const _ of [1, 2, 3, 4]) {
      expect((await runner.advance()).body.instruction).toEqual({ kind: 'hold', askAgain: false });
    }
    expect((await world.say(run, 'go-on')).body.message).toContain('only the EOC or the IMOC');
    expect((await world.say(run, 'go-on', undefined, world.cora)).status).toBe(200);
    expect((await runner.advance()).body.instruction).toMatchObject({ kind: 'step', position: 1 });
  });
});

describe('an incident that came and went while nobody asked', () => {
  it('begins the cool-down of a run that an earlier one holds anew', async () => {
    const { run, runner, told } = await atFirstStep(world);
    const incident = async () => {
      const body = { title: 'shop is down', severity: 'S3' };
      const opened = await world.server.ask('POST', '/api/v1/incidents', { token: world.ira.token, body });
      const [path, end] = [`/api/v1/incidents/${opened.body.id}/resolve`, { reason: 'It is up again.' }];
      return () => world.server.ask('POST', path, { token: world.ira.token, body: end });
    };
    const resolve = await incident();
    expect((await runner.advance(stepReport(told, 'first'))).body.run.hold.cause).toBe('incident');
    await resolve();
    expect((await runner.advance()).body.instruction.kind).toBe('hold');
    // All of it lies an hour back: the cool-down has passed.
    const { numUpdatedRows } = await world.server.context.db
      .updateTable('runs')
      .set({
        hold: sql`jsonb_set(hold, '{clearSince}', to_jsonb((hold->>'clearSince')::numeric - 3600000))`,
      })
      .where('id', '=', run.id)
      .executeTakeFirst();
    expect(numUpdatedRows).toBe(1n);
    await (
      await incident()
    )();
    expect((await world.say(run, 'go-on')).body.message).toContain('cool-down');
  });
});
