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
