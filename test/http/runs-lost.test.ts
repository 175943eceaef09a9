import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deliverDue } from '../../src/app/deliver.ts';
import { sweepLeases } from '../../src/app/run/sweep.ts';
import { findRun } from '../../src/store/runs.ts';
import type { RunView } from '../../src/contract/runs.ts';
import {
  atFirstStep,
  CHECK,
  executionOf,
  paperRunner,
  resultOf,
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

const INTERRUPTIBLE = stepOf('first', { interruptible: true, idempotent: true, probe: CHECK('happened') });

async function say(who: { token: string }, run: RunView, word: string, body: unknown = { because: 'said' }) {
  return world.server.ask('POST', `/api/v1/runs/${run.id}/${word}`, { token: who.token, body });
}

async function show(run: RunView): Promise<RunView> {
  return (await world.asRunner('GET', `/api/v1/runs/${run.id}`)).body;
}

async function takeOver(run: RunView, key = `take-over-${Math.random()}`) {
  const body = { idempotencyKey: key, multiplexer: 'tmux', clock: Date.now(), privileges: 'none' };
  return world.asRunner('POST', `/api/v1/runs/${run.id}/take-over`, body);
}

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

/** A run whose runner is lost in its first step, and swept. */
async function lostInStep(step = INTERRUPTIBLE) {
  const at = await atFirstStep(world, { steps: [step, stepOf('second')] });
  await endLease(at.run);
  await sweepLeases(world.server.context);
  return at;
}

async function takenOver(run: RunView) {
  await endGrace(run);
  const taken = await takeOver(run);
  expect(taken.status).toBe(200);
  return paperRunner(world, taken.body.run);
}

describe('a lease that ends without a word', () => {
  it('makes the step unknown and the run held, tells the people on duty, and is recorded once', async () => {
    const { run } = await lostInStep();
    expect(await sweepLeases(world.server.context)).toBe(0);
    const now = await show(run);
    expect(now).toMatchObject({ state: 'held', runnerAlive: false, hold: { cause: 'unknown-step' } });
    expect(now.steps[0]).toMatchObject({ state: 'unknown' });
    const lost = (await world.server.ledger()).filter(
      (entry) => entry['type'] === 'run.runner-lost' && JSON.stringify(entry).includes(run.id),
    );
    expect(lost).toHaveLength(1);
    const told = await world.server.context.db
      .selectFrom('outbox')
      .selectAll()
      .where('key', 'like', `%${run.id}%`)
      .execute();
    expect(told.map(({ payload }) => payload)).toMatchObject([{ run: run.id, to: ['eoc', 'emoc'] }]);
    await deliverDue(world.server.context);
    const channel = await world.server.ask('GET', '/api/v1/channel', { token: world.cora.token });
    expect(channel.body.messages[0].body).toContain(`For EOC and EMOC: ${run.id} of ${run.change} is held.`);
  });

  it('is not ended while its runner beats', async () => {
    const { run, runner } = await atFirstStep(world);
    const lease = async () => (await findRun(world.server.context.db, run.id))?.leaseExpiresAt ?? 0;
    const before = await lease();
    expect((await runner.beat()).status).toBe(200);
    expect(await lease()).toBeGreaterThan(before);
    expect(await sweepLeases(world.server.context)).toBe(0);
    expect((await show(run)).runnerAlive).toBe(true);
  });

  it('lets nobody take over before nothing of the old runner can still be working', async () => {
    const { run } = await lostInStep();
    expect(await takeOver(run)).toMatchObject({ status: 409, body: { code: 'too_early' } });
    const runner = await takenOver(run);
    expect(await show(run)).toMatchObject({ epoch: 2, state: 'held', runnerAlive: true });
    expect((await runner.advance()).body.instruction.kind).toBe('probe');
  });

  it('waits for the time-out of a step that is not interrupted', async () => {
    const { run } = await lostInStep(stepOf('first', { timeout: '10 min' }));
    const early = await takeOver(run);
    expect(early.body.code).toBe('too_early');
    expect(Date.parse(early.body.takeOverFrom) - Date.now()).toBeGreaterThan(9 * 60_000);
  });

  it('is noticed by the runner itself, whose result is kept and changes nothing', async () => {
    const { run, runner, told } = await atFirstStep(world, { steps: [INTERRUPTIBLE] });
    await endLease(run);
    const late = await runner.advance(stepReport(told, 'first'));
    expect(late).toMatchObject({ status: 409, body: { code: 'lease_lost' } });
    expect((await show(run)).steps[0]).toMatchObject({ state: 'unknown' });
    const reports = await world.server.context.db
      .selectFrom('run_reports')
      .selectAll()
      .where('run_id', '=', run.id)
      .execute();
    expect(reports.filter((report) => report.late)).toMatchObject([{ kind: 'step', epoch: 1 }]);
  });
});

describe('attack 39: an old epoch', () => {
  it('is refused in everything, and what it brings is kept as evidence', async () => {
    const { run, runner: old, told } = await lostInStep();
    await takenOver(run);
    expect((await old.advance(stepReport(told, 'first'))).body.code).toBe('old_epoch');
    expect((await old.beat()).body.code).toBe('old_epoch');
    const leave = await world.asRunner('POST', `${old.path}/leave`, { epoch: 1, because: 'x' });
    expect(leave.body.code).toBe('old_epoch');
    expect((await show(run)).steps[0]?.state).toBe('unknown');
    expect((await world.server.ledger()).at(-1)).toMatchObject({ type: 'run.late-report', outcome: 'deny' });
  });

  it('that has not been given is refused too', async () => {
    const { run } = await atFirstStep(world);
    const forged = paperRunner(world, run, 7);
    expect((await forged.beat()).body.code).toBe('not_permitted');
  });

  it('is not borne by another host of the same environment', async () => {
    const { run, runner } = await atFirstStep(world);
    const other = await world.server.bastion(`bastion-${run.id.toLowerCase()}`, 'illumidesk.com');
    const beat = await world.server.ask('POST', `${runner.path}/heartbeat`, {
      token: world.ben.token,
      bastion: other,
      body: { epoch: 1, clock: Date.now(), multiplexer: 'tmux', working: null, watched: [] },
    });
    expect(beat.body.code).toBe('not_permitted');
  });

  it('does not come from a bastion that was revoked', async () => {
    const { runner } = await atFirstStep(world);
    const key = await world.server.bastion('bastion-2', 'illumidesk.com');
    await world.server.ask('DELETE', '/api/v1/bastions/bastion-2', { token: world.server.admin.token });
    const beat = await world.server.ask('POST', `${runner.path}/heartbeat`, {
      token: world.ben.token,
      bastion: key,
      body: { epoch: 1, clock: Date.now(), multiplexer: 'tmux', working: null, watched: [] },
    });
    expect(beat.status).toBe(401);
  });
});

describe('an unknown step', () => {
  it('that its probe has seen happen is measured again and not executed again', async () => {
    const { run } = await lostInStep();
    const runner = await takenOver(run);
    await runner.advance();
    const probe = { kind: 'probe', list: 'steps', position: 0, result: resultOf('happened') } as const;
    const held = (await runner.advance(probe)).body;
    expect(held).toMatchObject({ instruction: { kind: 'hold' }, run: { state: 'held' } });
    expect(held.run.steps[0]).toMatchObject({ state: 'succeeded', settlement: 'happened' });
    await say(world.ben, run, 'go-on');
    expect((await runner.advance()).body.instruction).toEqual({
      kind: 'recheck',
      list: 'steps',
      position: 0,
    });
    const next = await runner.advance({
      kind: 'recheck',
      list: 'steps',
      position: 0,
      after: [resultOf('first done')],
    } as never);
    expect(next.body.instruction).toMatchObject({ kind: 'step', position: 1 });
  });

  it('that did not happen is tried again only because it is idempotent, and a person says so', async () => {
    const { run } = await lostInStep();
    const runner = await takenOver(run);
    await runner.advance();
    await runner.advance({
      kind: 'probe',
      list: 'steps',
      position: 0,
      result: resultOf('happened', 'fail'),
    } as never);
    expect((await runner.advance()).body.instruction.kind).toBe('hold');
    await say(world.ben, run, 'go-on');
    expect((await runner.advance()).body.instruction).toMatchObject({
      kind: 'step',
      position: 0,
      attempt: 2,
    });
  });

  it('that its probe cannot tell of waits for a statement; nothing goes on before', async () => {
    const step = stepOf('first', { interruptible: true, probe: CHECK('happened') });
    const { run } = await lostInStep(step);
    const runner = await takenOver(run);
    await runner.advance();
    await runner.advance({
      kind: 'probe',
      list: 'steps',
      position: 0,
      result: resultOf('happened', 'unknown'),
    } as never);
    expect((await say(world.ben, run, 'go-on')).body.message).toContain('settle it first');
    expect((await say(world.ben, run, 'roll-back')).body.message).toContain('settle it first');
    const place = { list: 'steps', position: 0, settlement: 'did-not-happen', statement: 'the log says so' };
    expect((await say(world.ana, run, 'settle', place)).body.code).toBe('not_permitted');
    expect((await say(world.ben, run, 'settle', place)).body.steps[0]).toMatchObject({ state: 'failed' });
    expect((await say(world.ben, run, 'go-on')).body.message).toContain('not idempotent');
    expect((await say(world.ben, run, 'settle', place)).body.code).toBe('conflict');
  });
});

it('keeps a journal as evidence, and says what no grant covers', async () => {
  const { run, told } = await atFirstStep(world);
  const entry = {
    kind: 'result',
    run: run.id,
    epoch: 1,
    grant: told.grant.id,
    list: 'steps',
    position: 0,
    attempt: 1,
    at: new Date().toISOString(),
    execution: executionOf(),
  };
  const upload = (entries: unknown[]) =>
    world.asRunner('POST', `/api/v1/runs/${run.id}/journal`, {
      entries,
      digest: `sha256:${'1'.repeat(64)}`,
      tornBytes: 0,
    });
  expect((await upload([entry])).status).toBe(200);
  expect((await world.server.ledger()).at(-1)).toMatchObject({ type: 'run.evidence', outcome: 'allow' });
  await upload([entry, { ...entry, grant: 'GRANT-999999' }]);
  expect((await world.server.ledger()).at(-1)).toMatchObject({ type: 'run.evidence', outcome: 'error' });
  expect((await show(run)).steps[0]?.state).toBe('granted');
});

it('lets a runner leave between two steps, and another take over at once', async () => {
  const { run, runner, told } = await atFirstStep(world);
  const leave = () => world.asRunner('POST', `${runner.path}/leave`, { epoch: 1, because: 'the shift ends' });
  expect((await leave()).body.code).toBe('conflict');
  await runner.advance(
    stepReport(told, 'first', { execution: executionOf({ ok: false, exitCode: 1 }), after: [] }),
  );
  expect((await leave()).status).toBe(204);
  expect((await takeOver(run, 'the-same-key')).body.run.epoch).toBe(2);
  expect((await takeOver(run, 'the-same-key')).body.run.epoch).toBe(2);
});
