import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  atFirstStep,
  POSTCHECKS,
  PREFLIGHT,
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

it('follows a plan to its end, one request a step, two records a step', async () => {
  const change = await world.open();
  const run = await world.start(change);
  expect(run).toMatchObject({ change, state: 'preflight', epoch: 1, executor: 'ben', host: 'bastion-1' });
  const runner = paperRunner(world, run);
  expect((await runner.advance()).body.instruction).toEqual({ kind: 'preflight' });

  const first = (await runner.advance(PREFLIGHT)).body;
  expect(first.instruction).toMatchObject({ kind: 'step', list: 'steps', position: 0, attempt: 1 });
  expect(first.run.state).toBe('running');
  // The list says how far it is, and bears no step: there may be a thousand of them, of each run.
  const { runs } = (await world.server.ask('GET', '/api/v1/runs', { token: world.ana.token })).body;
  const listed = runs.find(({ id }: { id: string }) => id === run.id);
  expect(listed).toMatchObject({ change, progress: { list: 'steps', done: 0, of: 2, at: 'first' } });
  expect(listed).not.toHaveProperty('steps');
  const before = (await world.server.ledger()).length;
  const second = (await runner.advance(stepReport(first.instruction, 'first'))).body;
  expect(second.instruction).toMatchObject({ kind: 'step', position: 1 });
  expect((await world.server.ledger()).slice(before).map((entry) => entry['type'])).toEqual([
    'decision',
    'run.step',
    'run.granted',
  ]);

  const third = (await runner.advance(stepReport(second.instruction, 'second'))).body;
  expect(third).toMatchObject({ instruction: { kind: 'postchecks' }, run: { state: 'verifying' } });
  const last = (await runner.advance(POSTCHECKS)).body;
  expect(last).toMatchObject({ instruction: { kind: 'end' }, run: { state: 'succeeded' } });
  const shown = await world.server.ask('GET', `/api/v1/changes/${change}`, { token: world.ana.token });
  expect(shown.body.state).toBe('complete');
});

describe('a start', () => {
  it('gives the same run for the same key, and names the winner to another', async () => {
    const change = await world.open();
    const body = startBody();
    const path = `/api/v1/changes/${change}/runs`;
    const first = await world.asRunner('POST', path, body);
    const again = await world.asRunner('POST', path, body);
    expect(again.body.run.id).toBe(first.body.run.id);
    const other = await world.asRunner('POST', path, startBody());
    expect(other).toMatchObject({
      status: 409,
      body: { code: 'run_live', winners: [{ run: first.body.run.id, change, executor: 'ben' }] },
    });
    await world.asRunner('POST', `/api/v1/runs/${first.body.run.id}/leave`, { epoch: 1, because: 'over' });
  });

  it('hands out the plan as it was approved, with its digest', async () => {
    const change = await world.open();
    const { body } = await world.asRunner('POST', `/api/v1/changes/${change}/runs`, await world.body());
    const shown = await world.server.ask('GET', `/api/v1/changes/${change}`, { token: world.ana.token });
    expect(body.plan).toMatchObject({ digest: shown.body.digest, file: 'plan.yaml', scripts: {} });
    expect(JSON.parse(body.plan.text).title).toBe('Do nothing carefully');
  });

  it('is for the executor, from a bastion', async () => {
    const change = await world.open();
    const path = `/api/v1/changes/${change}/runs`;
    const { server, bastion, ana, ben } = world;
    const elsewhere = await server.ask('POST', path, { token: ben.token, body: startBody() });
    expect(elsewhere.status).toBe(403);
    const another = await server.ask('POST', path, { token: ana.token, bastion, body: startBody() });
    expect(another).toMatchObject({ status: 409, body: { code: 'not_permitted' } });
    expect((await server.ledger()).at(-1)).toMatchObject({
      type: 'run.refused',
      outcome: 'deny',
      action: 'start',
    });
    const foreign = await server.bastion('bastion-9', 'ops.illumidesk.net');
    const refused = await server.ask('POST', path, { token: ben.token, bastion: foreign, body: startBody() });
    expect(refused).toMatchObject({ status: 409, body: { code: 'refused' } });
    const rules = refused.body.decision.verdicts.filter((one: { verdict: string }) => one.verdict === 'deny');
    expect(rules.map((one: { rule: string }) => one.rule)).toContain('run-from-bastion');
  });

  it('is refused, recorded and changes nothing while metrics are dead', async () => {
    const change = await world.open();
    await world.prove('fail');
    const refused = await world.asRunner('POST', `/api/v1/changes/${change}/runs`, startBody());
    await world.prove('pass');
    expect(refused).toMatchObject({ status: 409, body: { code: 'refused', decision: { allowed: false } } });
    expect((await world.server.ledger()).at(-1)).toMatchObject({
      type: 'decision',
      action: 'start',
      outcome: 'deny',
    });
    const runs = await world.asRunner('GET', `/api/v1/changes/${change}/runs`);
    expect(runs.body.runs).toEqual([]);
  });

  it('is refused to a host whose clock is far off', async () => {
    const change = await world.open();
    const body = startBody({ clock: Date.now() - 60_000 });
    const refused = await world.asRunner('POST', `/api/v1/changes/${change}/runs`, body);
    expect(refused.body.code).toBe('clock_skew');
  });

  it('is won by one of twenty at once', async () => {
    const change = await world.open();
    const path = `/api/v1/changes/${change}/runs`;
    const answers = await Promise.all(
      Array.from({ length: 20 }, async () => world.asRunner('POST', path, await world.body())),
    );
    const won = answers.filter(({ status }) => status === 200);
    expect(won).toHaveLength(1);
    const lost = answers.filter(({ status }) => status !== 200);
    expect(new Set(lost.map(({ body }) => body.code))).toEqual(new Set(['run_live']));
    expect(lost.every(({ body }) => body.winners[0].run === won[0]?.body.run.id)).toBe(true);
  });
});

describe('a step', () => {
  it('is handed out once, however often the same request comes', async () => {
    const run = await world.start(await world.open());
    const runner = paperRunner(world, run);
    await runner.advance();
    const request = 'the-same-request';
    const once = await runner.advance(PREFLIGHT, { request });
    const twice = await runner.advance(PREFLIGHT, { request });
    expect(twice.body.instruction.grant.id).toBe(once.body.instruction.grant.id);
    const grants = await world.server.context.db
      .selectFrom('grants')
      .selectAll()
      .where('run_id', '=', run.id)
      .execute();
    expect(grants).toHaveLength(1);
    const other = await runner.advance();
    expect(other).toMatchObject({ status: 409, body: { code: 'conflict' } });
  });

  it('is reported under its own grant, and once; all else is kept and changes nothing', async () => {
    const { run, runner, told } = await atFirstStep(world);
    const foreign = stepReport(told, 'first', { grant: 'GRANT-999999' });
    expect((await runner.advance(foreign)).body.code).toBe('conflict');
    const second = (await runner.advance(stepReport(told, 'first'))).body.instruction;
    expect(second).toMatchObject({ kind: 'step', position: 1 });
    const failed = stepReport(told, 'first', {
      execution: executionOf({ ok: false, exitCode: 9 }),
      after: [],
    });
    expect((await runner.advance(failed)).body.code).toBe('conflict');
    const next = (await runner.advance(stepReport(second, 'second'))).body;
    expect(next.instruction.kind).toBe('postchecks');
    const late = (await runner.advance(failed)).body;
    expect(late.run.steps[0]).toMatchObject({ state: 'succeeded' });
    const { db } = world.server.context;
    const reports = await db.selectFrom('run_reports').selectAll().where('run_id', '=', run.id).execute();
    expect(reports.filter((one) => one.late)).toHaveLength(3);
    const recorded = (await world.server.ledger()).filter(
      (entry) => entry['type'] === 'run.late-report' && entry['object'] === `change/${run.change}`,
    );
    expect(recorded).toHaveLength(3);
  });

  it('that fails holds the run; one that is not idempotent is not tried again', async () => {
    const { run, runner, told } = await atFirstStep(world);
    const failed = stepReport(told, 'first', {
      execution: executionOf({ ok: false, exitCode: 3 }),
      after: [],
    });
    const answer = (await runner.advance(failed)).body;
    expect(answer).toMatchObject({
      instruction: { kind: 'hold' },
      run: { state: 'held', hold: { cause: 'step' } },
    });
    expect(answer.run.steps[0]).toMatchObject({ state: 'failed', failedAt: 'command' });
    const goOn = await world.server.ask('POST', `/api/v1/runs/${run.id}/go-on`, {
      token: world.ben.token,
      body: { because: 'again' },
    });
    expect(goOn).toMatchObject({ status: 409, body: { code: 'conflict' } });
    expect(goOn.body.message).toContain('is not idempotent');
  });

  it('that is idempotent is tried again when a person says so', async () => {
    const { run, runner, told } = await atFirstStep(world, {
      steps: [stepOf('first', { idempotent: true })],
    });
    await runner.advance(
      stepReport(told, 'first', { execution: executionOf({ ok: false, exitCode: 3 }), after: [] }),
    );
    const path = `/api/v1/runs/${run.id}/go-on`;
    expect(
      (await world.server.ask('POST', path, { token: world.ben.token, body: { because: 'x' } })).status,
    ).toBe(200);
    const again = (await runner.advance()).body;
    expect(again.instruction).toMatchObject({ kind: 'step', position: 0, attempt: 2 });
    const done = (await runner.advance(stepReport(again.instruction, 'first'))).body;
    expect(done.instruction.kind).toBe('postchecks');
  });

  it('does not count as done without the results of its checks', async () => {
    const { runner, told } = await atFirstStep(world);
    const answer = (await runner.advance(stepReport(told, 'first', { after: [] }))).body;
    expect(answer.run.steps[0]).toMatchObject({ state: 'failed', failedAt: 'after' });
    expect(answer.run.state).toBe('held');
  });

  it('whose check failed is measured again, not executed again', async () => {
    const { run, runner, told } = await atFirstStep(world);
    await runner.advance(stepReport(told, 'first', { after: [resultOf('first done', 'unknown')] }));
    const path = `/api/v1/runs/${run.id}/go-on`;
    await world.server.ask('POST', path, { token: world.ben.token, body: { because: 'x' } });
    expect((await runner.advance()).body.instruction).toEqual({
      kind: 'recheck',
      list: 'steps',
      position: 0,
    });
    const after = [resultOf('first done')];
    const next = (await runner.advance({ kind: 'recheck', list: 'steps', position: 0, after })).body;
    expect(next.instruction).toMatchObject({ kind: 'step', position: 1 });
  });

  it('under way is stopped by a veto within one beat; at the report the run is held', async () => {
    const { run, runner, told } = await atFirstStep(world);
    const working = { list: 'steps', position: 0, grant: told.grant.id };
    expect((await runner.beat(working)).body).toMatchObject({ state: 'running', stop: null });
    const veto = await world.server.ask('POST', '/api/v1/vetoes', {
      token: world.cora.token,
      body: { change: run.change, reason: 'no' },
    });
    expect(veto.status).toBe(201);
    const beat = (await runner.beat(working)).body;
    expect(beat.state).toBe('held');
    expect(beat.stop.because).toContain('veto');
    const cancelled = executionOf({
      ok: false,
      exitCode: null,
      signal: 'SIGTERM',
      cancelled: 'veto',
      stopMs: 12,
    });
    const answer = (await runner.advance(stepReport(told, 'first', { execution: cancelled, after: [] })))
      .body;
    expect(answer.run).toMatchObject({ state: 'held', hold: { cause: 'veto' } });
    expect(answer.run.steps[0].state).toBe('cancelled');
    const step = (await world.server.ledger()).findLast((entry) => entry['type'] === 'run.step');
    expect(step).toMatchObject({ details: { 'stop-ms': 12, state: 'cancelled' } });
  });
});
