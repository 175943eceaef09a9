import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { invariants } from '../kit/run-invariants.ts';
import {
  atFirstStep,
  executionOf,
  paperRunner,
  POSTCHECKS,
  startRunWorld,
  stepOf,
  stepReport,
  type RunWorld,
} from '../kit/run-world.ts';

// Who may start a severe change is tried elsewhere; here it is that it runs alone.
const SEVERE_RULES = [
  'director-approval',
  'review-quorum',
  'emoc-assigned',
  'cmoc-assigned',
  'bridge-open',
  'exclusive',
  'awareness',
];

let world: RunWorld;
beforeAll(async () => {
  world = await startRunWorld({ rulesOff: SEVERE_RULES });
});
afterAll(() => world.server.stop());
afterEach(async () => {
  await invariants(world);
  // The stage is cleared for the next test.
  await sql`update runs set state = 'failed', hold = null, ended_at = now() where ended_at is null`.execute(
    world.server.context.db,
  );
});

const start = async (change: string) =>
  world.asRunner('POST', `/api/v1/changes/${change}/runs`, await world.body());

describe('a run of S1 or S2, even where no rule says so', () => {
  it.each([
    ['S1', 'S2'],
    ['S2', 'S4'],
    ['S3', 'S1'],
  ])('does not run beside another: %s, then %s', async (first, second) => {
    const one = await world.open({ severity: first });
    const two = await world.open({ severity: second });
    expect((await start(one)).status).toBe(200);
    const refused = await start(two);
    expect(refused).toMatchObject({ status: 409, body: { code: 'run_live', winners: [{ change: one }] } });
    expect((await world.server.ledger()).at(-1)).toMatchObject({
      type: 'run.refused',
      object: `change/${two}`,
    });
    const shown = await world.server.ask('GET', `/api/v1/changes/${two}`, { token: world.ana.token });
    expect(shown.body.state).toBe('unscheduled');
  });

  it('is one of ten that start at once on different changes', async () => {
    const changes = await Promise.all(Array.from({ length: 10 }, () => world.open({ severity: 'S1' })));
    const body = await world.body();
    const answers = await Promise.all(
      changes.map((change) =>
        world.asRunner('POST', `/api/v1/changes/${change}/runs`, { ...body, idempotencyKey: randomUUID() }),
      ),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(
      answers.filter(({ status, body: answer }) => status === 409 && answer.code === 'run_live'),
    ).toHaveLength(9);
  });
});

it('a start beside another run is told to whoever executes that one, and to nobody else', async () => {
  const mine = await world.open();
  expect((await start(mine)).status).toBe(200);
  const beside = await world.open({ executor: 'ana' });
  const answer = await world.server.ask('POST', `/api/v1/changes/${beside}/runs`, {
    token: world.ana.token,
    bastion: world.bastion,
    body: await world.body(),
  });
  expect(answer.status).toBe(200);
  const told = async (token: string) =>
    (await world.server.ask('GET', '/api/v1/notices?limit=200', { token })).body.notices.filter(
      ({ kind, about }: { kind: string; about: string }) =>
        kind === 'started-beside' && about === `change/${beside}`,
    );
  expect(await told(world.ben.token)).toMatchObject([
    { body: `${beside} (S4) was started by ana, while your ${mine} runs` },
  ]);
  expect(await told(world.ana.token)).toEqual([]);
});

/** A severe run that is held by a step that failed. */
async function heldSevere() {
  const at = await atFirstStep(world, { severity: 'S1', steps: [stepOf('first', { idempotent: true })] });
  await at.runner.advance(
    stepReport(at.told, 'first', { execution: executionOf({ ok: false, exitCode: 1 }), after: [] }),
  );
  return at;
}

describe('a suspended run', () => {
  it('needs the word of EOC and IMOC, and leaves the stage to the change that repairs', async () => {
    const { run, runner } = await heldSevere();
    expect((await world.say(run, 'suspend')).body.code).toBe('not_permitted');
    expect((await world.say(run, 'suspend', undefined, world.cora)).body.state).toBe('held');
    expect((await world.say(run, 'suspend', undefined, world.cora)).body.state).toBe('held');
    expect((await world.say(run, 'suspend', undefined, world.ira)).body.state).toBe('suspended');
    const repair = await world.open({ severity: 'S2' });
    expect((await start(repair)).status).toBe(200);
    expect((await runner.advance()).body.instruction).toEqual({ kind: 'hold', askAgain: false });
    const back = await world.say(run, 'go-on', undefined, world.cora);
    expect(back).toMatchObject({ status: 409, body: { code: 'run_live' } });
  });

  it('comes back held, once the stage is free', async () => {
    const { run, runner } = await heldSevere();
    await world.say(run, 'suspend', undefined, world.cora);
    await world.say(run, 'suspend', undefined, world.ira);
    expect((await world.say(run, 'go-on', undefined, world.ira)).body.state).toBe('held');
    expect((await world.say(run, 'go-on')).status).toBe(200);
    expect((await runner.advance()).body.instruction).toMatchObject({ kind: 'step', attempt: 2 });
  });

  it('is not made of a run that goes on', async () => {
    const { run } = await atFirstStep(world, { severity: 'S1' });
    expect((await world.say(run, 'suspend', undefined, world.cora)).body.code).toBe('conflict');
  });
});

describe('a maintenance change', () => {
  it('ends only with its hand-off note, and then by itself', async () => {
    const { run, runner, told } = await atFirstStep(world, { kind: 'maintenance', steps: [stepOf('first')] });
    await runner.advance(stepReport(told, 'first'));
    const waiting = (await runner.advance(POSTCHECKS)).body;
    expect(waiting).toMatchObject({ instruction: { kind: 'hold', askAgain: true }, run: { state: 'held' } });
    expect(waiting.run.hold).toMatchObject({ cause: 'hand-off', rules: ['handoff-written'] });
    expect((await runner.advance()).body.run.state).toBe('held');
    const note = { state: 'as planned', silences: [], graphs: ['https://graphs.example/errors'] };
    expect((await world.say(run, 'hand-off', note, world.ana)).body.code).toBe('not_permitted');
    expect((await world.say(run, 'hand-off', { ...note, state: ' ' })).status).toBe(400);
    expect((await world.say(run, 'hand-off', note)).status).toBe(200);
    expect((await world.say(run, 'hand-off', note)).body.code).toBe('exists');
    expect((await runner.advance()).body).toMatchObject({
      instruction: { kind: 'end' },
      run: { state: 'succeeded' },
    });
  });
});

it('ends for a change of no use to another runner: the paper of an ended run is late', async () => {
  const { run, runner, told } = await atFirstStep(world, { steps: [stepOf('first')] });
  await runner.advance(stepReport(told, 'first'));
  expect((await runner.advance(POSTCHECKS)).body.run.state).toBe('succeeded');
  const late = await paperRunner(world, run).advance(stepReport(told, 'first'));
  expect(late.body.code).toBe('lease_lost');
});
