import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { tellOfOverdue } from '../../src/app/run/delayed.ts';
import { passOnTasks } from '../../src/app/task/pass-on.ts';
import {
  atFirstStep,
  CHECK,
  POSTCHECKS,
  resultOf,
  startRunWorld,
  stepOf,
  stepReport,
  type RunWorld,
} from '../kit/run-world.ts';

let world: RunWorld;
beforeAll(async () => {
  world = await startRunWorld({ rulesOff: ['awareness'] });
});
afterAll(() => world.server.stop());

const WATCHING = {
  for: '1 h',
  checks: [CHECK('still well', { after: '0 s' }), CHECK('well in an hour', { after: '1 h' })],
};

/** A complete change that is watched. */
async function complete(plan: Record<string, unknown> = {}) {
  const { run, runner, told } = await atFirstStep(world, {
    steps: [stepOf('first')],
    watching: WATCHING,
    ...plan,
  });
  await runner.advance(stepReport(told, 'first'));
  expect((await runner.advance(POSTCHECKS)).body.run.state).toBe('succeeded');
  const path = `/api/v1/changes/${run.change}/delayed-checks`;
  return {
    run,
    list: async () => (await world.asRunner('GET', path)).body.checks as Record<string, unknown>[],
    measured: (position: number, result: unknown) =>
      world.asRunner('POST', path, { run: run.id, position, result }),
    path,
  };
}

const noticesOf = async (who: { token: string }) =>
  (await world.server.ask('GET', '/api/v1/notices', { token: who.token })).body.notices as {
    kind: string;
    body: string;
  }[];

it('writes down what is due when a run succeeds, and takes each measurement when its time has come, once', async () => {
  const { list, measured } = await complete();
  expect(await list()).toMatchObject([
    { position: 0, name: 'still well', due: true, verdict: null },
    { position: 1, name: 'well in an hour', due: false, verdict: null },
  ]);
  const early = await measured(1, resultOf('well in an hour'));
  expect([early.status, early.body.code]).toEqual([409, 'conflict']);
  expect((await measured(0, resultOf('something else'))).body.code).toBe('invalid');
  const unsure = await measured(0, resultOf('still well', 'unknown'));
  expect(unsure.body).toMatchObject({ verdict: null, because: 'still well was measured', due: true });
  const good = await measured(0, resultOf('still well'));
  expect(good.body).toMatchObject({ verdict: 'pass', by: 'ben', host: 'bastion-1', due: false });
  expect((await measured(0, resultOf('still well', 'fail'))).body.code).toBe('exists');
  const entries = (await world.server.ledger()).filter(({ type }) => type === 'change.delayed-check');
  expect(entries.map(({ outcome }) => outcome)).toEqual(['deny', 'deny', 'allow', 'allow', 'deny']);
});

it('shows what every check of the plan came to, the newest result of each, its raw answer by itself', async () => {
  const measuredAt = '2026-11-28T10:00:00.000Z';
  const raw = (value: number, text: string) => ({
    verdict: 'pass' as const,
    value,
    because: `${value} was wanted`,
    raw: text,
    measuredAt,
  });
  const { run, runner, told } = await atFirstStep(world, { steps: [stepOf('first')], watching: WATCHING });
  await runner.advance(
    stepReport(told, 'first', {
      before: [{ ...resultOf('ready'), measurements: [raw(1, 'one'), raw(2, 'two <b>')] }],
      after: [resultOf('first done')],
    }),
  );
  await runner.advance(POSTCHECKS);
  await world.asRunner('POST', `/api/v1/changes/${run.change}/delayed-checks`, {
    run: run.id,
    position: 0,
    result: resultOf('still well', 'unknown'),
  });
  const path = `/api/v1/changes/${run.change}/checks`;
  const { checks } = (await world.asRunner('GET', path)).body;
  expect(checks.map((one: Record<string, unknown>) => [one['moment'], one['name'], one['verdict']])).toEqual([
    ['after', 'first done', 'pass'],
    ['before', 'ready', 'pass'],
    ['delayed', 'still well', 'unknown'],
    ['postcheck', 'all is well', 'pass'],
    ['preflight', 'host answers', 'pass'],
  ]);
  const before = { run: run.id, list: 'steps', position: 0, value: 2, measuredAt, measurements: 2 };
  expect(checks[1]).toMatchObject(before);
  for (const { id, name } of checks) {
    expect((await world.asRunner('GET', `${path}/${id}`)).body.name).toBe(name);
  }
  const whole = (await world.asRunner('GET', `${path}/${checks[1].id}`)).body;
  expect(whole.measurements.map((one: { raw: string }) => one.raw)).toEqual(['one', 'two <b>']);
  const another = await world.open();
  expect((await world.asRunner('GET', `/api/v1/changes/${another}/checks/${checks[1].id}`)).status).toBe(404);
  expect((await world.asRunner('GET', `/api/v1/changes/${another}/checks`)).body.checks).toEqual([]);
});

it('takes it from the people of the change and from a bastion alone', async () => {
  const { run, path } = await complete();
  const body = { run: run.id, position: 0, result: resultOf('still well') };
  const { bastion, server, ben, rhea } = world;
  expect((await server.ask('POST', path, { token: ben.token, body })).status).toBe(403);
  const other = await server.ask('POST', path, { token: rhea.token, bastion, body });
  expect(other.body.code).toBe('not_permitted');
});

it('tells the people and the EOC of one that fails, opens a task, and counts it against the procedure', async () => {
  const procedure = { procedure: 'shop-settings' };
  const { measured } = await complete(procedure);
  const record = async () =>
    (await world.server.ask('GET', '/api/v1/procedures', { token: world.ben.token })).body.procedures;
  const before = JSON.stringify(await record());
  expect(before).toContain('5 runs in a row without a hold or a rollback wanted, 1 counted');
  expect((await measured(0, resultOf('still well', 'fail'))).body.verdict).toBe('fail');
  for (const who of [world.ben, world.cora]) {
    expect((await noticesOf(who)).filter(({ kind }) => kind === 'delayed-check-failed')).toHaveLength(1);
  }
  const tasks = (await world.server.ask('GET', '/api/v1/tasks', { token: world.ben.token })).body.tasks;
  expect(tasks).toContainEqual(expect.objectContaining({ kind: 'delayed-check', owner: 'ben' }));
  expect(JSON.stringify(await record())).toContain('wanted, 0 counted');
});

it('tells of one that nobody measures in time, once', async () => {
  const { run, list } = await complete();
  await sql`update delayed_checks set due_at = now() - interval '11 minutes'
    where run_id = ${run.id} and position = 0`.execute(world.server.context.db);
  expect(await tellOfOverdue(world.server.context)).toBe(1);
  expect(await tellOfOverdue(world.server.context)).toBe(0);
  expect((await list())[0]).toMatchObject({ verdict: null, due: true, overdueAt: expect.any(String) });
  const told = (await noticesOf(world.cora)).filter(({ kind }) => kind === 'delayed-check-overdue');
  expect(told.map(({ body }) => body)).toEqual([
    expect.stringContaining(`\`interlock watch ${run.change}\` on the bastion`),
  ]);
});

it('watches nothing after a run that did not succeed', async () => {
  const { run } = await atFirstStep(world, { watching: WATCHING });
  await world.say(run, 'hold', { because: 'wait', now: true });
  const { body } = await world.asRunner('GET', `/api/v1/changes/${run.change}/delayed-checks`);
  expect(body.checks).toEqual([]);
});

it('is a task of the engineer on call once its executor is shut out', async () => {
  const tasksOf = async (owner: string) =>
    (await world.server.ask('GET', `/api/v1/tasks?owner=${owner}`, { token: world.cora.token })).body.tasks;
  const had = await tasksOf('ben');
  expect(had).not.toEqual([]);
  await world.server.shutOut('ben');
  expect(await passOnTasks(world.server.context)).toBe(had.length);
  expect(await tasksOf('cora')).toMatchObject(
    had.map(({ id }: { id: string }) => ({ id, kind: 'delayed-check' })),
  );
  const told = (await noticesOf(world.cora)).filter(({ kind }) => kind === 'task-passed-on');
  expect(told).toHaveLength(had.length);
});
