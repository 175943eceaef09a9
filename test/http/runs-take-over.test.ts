import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sweepLeases } from '../../src/app/run/sweep.ts';
import type { RunReport, RunView } from '../../src/contract/runs.ts';
import {
  atFirstStep,
  CHECK,
  executionOf,
  paperRunner,
  resultOf,
  startBody,
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

/** As if the time of the lease had passed without a word. */
async function endLease(run: RunView) {
  await sql`update runs set lease_expires_at = now() - interval '1 ms' where id = ${run.id}`.execute(
    world.server.context.db,
  );
}

/** As if whatever the lost runner may still have been doing were over. */
async function endGrace(run: RunView) {
  await sql`update runs set take_over_from = now() where id = ${run.id}`.execute(world.server.context.db);
}

function takeOver(run: RunView, bastion = world.bastion) {
  const { acknowledges: _acknowledges, ...body } = startBody();
  return world.server.ask('POST', `/api/v1/runs/${run.id}/take-over`, {
    token: world.ben.token,
    bastion,
    body,
  });
}

describe('a take-over', () => {
  it('is refused to a bastion of another environment, where probes and post-checks would measure something else', async () => {
    const foreign = await world.server.bastion('bastion-of-ops', 'ops.illumidesk.net');
    const { run } = await atFirstStep(world);
    await endLease(run);
    await sweepLeases(world.server.context);
    await endGrace(run);
    const refused = await takeOver(run, foreign);
    expect(refused).toMatchObject({ status: 409, body: { code: 'not_permitted' } });
    expect(refused.body.message).toContain('illumidesk.com');
    expect((await takeOver(run)).status).toBe(200);
  });

  it('that comes before the sweeper tells the people on duty of the loss too', async () => {
    const { run } = await atFirstStep(world);
    await endLease(run);
    expect((await takeOver(run)).body.code).toBe('too_early');
    await endGrace(run);
    expect((await takeOver(run)).status).toBe(200);
    const told = await world.server.context.db
      .selectFrom('outbox')
      .selectAll()
      .where('key', 'like', `run.runner-lost:${run.id}:%`)
      .execute();
    expect(told).toHaveLength(1);
  });
});

it('attack 39: a result that is replayed is kept as evidence and changes nothing', async () => {
  const { run, runner, told } = await atFirstStep(world);
  await runner.advance(stepReport(told, 'first'));
  const steps = async () => (await world.asRunner('GET', `/api/v1/runs/${run.id}`)).body.steps;
  const before = await steps();
  expect(before[0].state).toBe('succeeded');
  const lie = stepReport(told, 'first', { execution: executionOf({ ok: false, exitCode: 1 }), after: [] });
  expect((await runner.advance(lie)).body.code).toBe('conflict');
  expect(await steps()).toEqual(before);
  expect((await world.server.ledger()).at(-1)).toMatchObject({ type: 'run.late-report', outcome: 'deny' });
  await world.say(run, 'abort');
});

describe('attack 39: a bastion that was registered anew for another environment', () => {
  it('is not the runner that had its name', async () => {
    const name = 'bastion-moved';
    const before = await world.server.bastion(name, 'illumidesk.com');
    const path = `/api/v1/changes/${await world.open()}/runs`;
    const started = await world.server.ask('POST', path, {
      token: world.ben.token,
      bastion: before,
      body: await world.body(),
    });
    expect(started.status).toBe(200);
    await world.server.ask('DELETE', `/api/v1/bastions/${name}`, { token: world.server.admin.token });
    const after = await world.server.bastion(name, 'ops.illumidesk.net');
    const beat = await world.server.ask('POST', `/api/v1/runs/${started.body.run.id}/heartbeat`, {
      token: world.ben.token,
      bastion: after,
      body: { epoch: 1, clock: Date.now(), multiplexer: 'tmux', working: null, watched: [] },
    });
    expect(beat).toMatchObject({ status: 409, body: { code: 'not_permitted' } });
  });
});

describe('a runner that is lost while something of it may still work', () => {
  const SLOW = { steps: [stepOf('first', { timeout: '10 min' })] };

  it('leaves a run that nobody gives up or takes off the stage before that is over', async () => {
    const { run } = await atFirstStep(world, SLOW);
    await endLease(run);
    await sweepLeases(world.server.context);
    const place = { list: 'steps', position: 0, settlement: 'undetermined', statement: 'the disk is gone' };
    expect((await world.say(run, 'settle', place)).status).toBe(200);
    expect(await world.say(run, 'abort')).toMatchObject({ status: 409, body: { code: 'too_early' } });
    expect(await world.say(run, 'suspend', undefined, world.cora)).toMatchObject({
      status: 409,
      body: { code: 'too_early' },
    });
    await endGrace(run);
    // Nobody can tell what its step did.
    expect((await world.say(run, 'abort')).body).toMatchObject({ state: 'unknown' });
  });
});

describe('a corrective command', () => {
  const bad: RunReport = { kind: 'preflight', results: [resultOf('host answers', 'fail')] };

  async function correcting() {
    const preflight = [CHECK('host answers', { corrective: ['/bin/true'] })];
    const run = await world.start(await world.open({ preflight }));
    const runner = paperRunner(world, run);
    await runner.advance();
    const told = (await runner.advance(bad)).body.instruction;
    expect(told.kind).toBe('correct');
    return { run, runner };
  }

  it('whose runner was lost is not executed a second time', async () => {
    const { run } = await correcting();
    await endLease(run);
    await sweepLeases(world.server.context);
    await endGrace(run);
    const runner = paperRunner(world, (await takeOver(run)).body.run);
    expect((await runner.advance()).body.instruction.kind).toBe('hold');
    await world.say(run, 'go-on');
    expect((await runner.advance()).body.instruction).toEqual({ kind: 'preflight' });
    expect((await runner.advance(bad)).body).toMatchObject({
      instruction: { kind: 'end' },
      run: { state: 'failed' },
    });
  });

  it('keeps its runner from leaving as one with nothing under way', async () => {
    const { run, runner } = await correcting();
    const leave = await world.asRunner('POST', `${runner.path}/leave`, { epoch: run.epoch, because: 'x' });
    expect(leave).toMatchObject({ status: 409, body: { code: 'conflict' } });
  });
});
