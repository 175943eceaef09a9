import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProcedureVersion } from '../../src/contract/procedures.ts';
import { atTheStep, openOf, planOfProcedure, runBack, runBadly, runWell } from '../kit/procedures.ts';
import { resultOf, startRunWorld, stepOf, type RunWorld } from '../kit/run-world.ts';

let world: RunWorld;
beforeAll(async () => {
  world = await startRunWorld();
});
afterAll(() => world.server.stop());

async function versionsOf(name: string): Promise<ProcedureVersion[]> {
  const answer = await world.server.ask('GET', `/api/v1/procedures/${name}`, { token: world.ana.token });
  return answer.body.versions;
}

/** The version that ran first last. */
async function newest(name: string): Promise<ProcedureVersion> {
  const [version] = await versionsOf(name);
  if (!version) throw new Error(`expected a version of ${name}, got none`);
  return version;
}

/** Whether a request of C3 made with this plan needs a review of its plan: a mature service change does not. */
async function isAskedForReview(plan: Record<string, unknown>): Promise<boolean> {
  const change = await world.open({ ...plan, criticality: 'C3' });
  const { body } = await world.server.ask('GET', `/api/v1/changes/${change}`, { token: world.ana.token });
  const rules = body.verdict.decision.verdicts.map(({ rule }: { rule: string }) => rule);
  return rules.includes('eoc-plan-review');
}

/** Everything that graduation wants: the first run reviewed and rolled back, then five in a row that went well. */
async function graduate(name: string): Promise<Record<string, unknown>> {
  const plan = planOfProcedure(name);
  await runBack(world, await openOf(world, plan, { reviewed: true }));
  for (let run = 0; run < 5; run++) await runWell(world, await world.open(plan));
  expect(await newest(name)).toMatchObject({ graduated: true, lacks: [], successfulRuns: 5 });
  return plan;
}

const SOUND = planOfProcedure('five-in-a-row');

describe('a procedure', () => {
  it('graduates by five runs in a row after a review and a rollback, and needs no review from then on', async () => {
    const plan = SOUND;
    await runBack(world, await openOf(world, plan, { reviewed: true }));
    for (let run = 0; run < 4; run++) await runWell(world, await world.open(plan));
    expect(await newest('five-in-a-row')).toMatchObject({
      runs: 5,
      successfulRuns: 4,
      graduated: false,
      lacks: ['5 runs in a row without a hold or a rollback wanted, 4 counted'],
    });
    expect(await isAskedForReview(plan)).toBe(true);
    await runWell(world, await world.open(plan));
    expect(await newest('five-in-a-row')).toMatchObject({ runs: 6, successfulRuns: 5, graduated: true });
    expect(await isAskedForReview(plan)).toBe(false);
    // Who stands on an exception makes no routine use of it.
    const exceptions = [{ rule: 'in-slot', reason: 'the night is short' }];
    expect(await isAskedForReview({ ...plan, exceptions })).toBe(true);
  });

  it('starts anew with another version where what it does is edited, not where people or words are', async () => {
    const plan = SOUND;
    await runWell(world, await world.open({ ...plan, title: 'Another word', team: ['ben', 'cora'] }));
    expect(await versionsOf('five-in-a-row')).toMatchObject([{ runs: 7, graduated: true }]);
    const edited = {
      ...plan,
      steps: [stepOf('first', { undo: { step: 'undo first' }, command: ['/bin/true', 'x'] })],
    };
    expect(await isAskedForReview(edited)).toBe(true);
    await runWell(world, await world.open(edited));
    expect(await versionsOf('five-in-a-row')).toMatchObject([
      { runs: 1, successfulRuns: 1, graduated: false },
      { runs: 7, graduated: true },
    ]);
  });

  it('is demoted, in every version, by an incident that is laid at its door', async () => {
    const plan = SOUND;
    const { change } = await runWell(world, await world.open(plan));
    const { server, ana, cora, rhea } = world;
    const opened = await server.ask('POST', '/api/v1/incidents', {
      token: ana.token,
      body: { title: 'it burns', severity: 'S3' },
    });
    const { id } = opened.body;
    await server.ask('POST', `/api/v1/incidents/${id}/resolve`, {
      token: cora.token,
      body: { reason: 'water' },
    });
    expect((await versionsOf('five-in-a-row')).at(-1)).toMatchObject({ graduated: true });
    const lay = (token: string, of: string) =>
      server.ask('POST', `/api/v1/incidents/${id}/cause`, {
        token,
        body: { change: of, reason: 'its step' },
      });
    expect((await lay(ana.token, change)).body.code).toBe('not_permitted');
    expect((await server.ledger()).at(-1)).toMatchObject({ type: 'incident.caused', outcome: 'deny' });
    expect((await lay(rhea.token, await world.open(plan))).body.code).toBe('not_found');
    expect((await lay(rhea.token, change)).body.causes).toMatchObject([{ change, by: 'rhea' }]);
    expect((await server.ledger()).at(-1)).toMatchObject({
      type: 'incident.caused',
      object: `incident/${id}`,
      details: { change },
    });
    expect((await lay(cora.token, change)).body.code).toBe('exists');
    expect((await versionsOf('five-in-a-row')).at(-1)).toMatchObject({
      graduated: false,
      successfulRuns: 7,
      lacks: [expect.stringMatching(/^no incident laid at its door wanted; the last was on /)],
    });
    expect((await newest('five-in-a-row')).lastIncident).not.toBeNull();
    expect(await isAskedForReview(plan)).toBe(true);
  });

  it('lacks, in words, what its runs do not show', async () => {
    const plan = planOfProcedure('never-reviewed', {
      assumptions: [{ text: 'The moon is up.', exception: 'nobody can measure it here' }],
    });
    await runWell(world, await world.open(plan));
    expect((await newest('never-reviewed')).lacks).toEqual([
      'a review before its first run wanted; that ran without one',
      '5 runs in a row without a hold or a rollback wanted, 1 counted',
      'a coded check wanted for every assumption; one is lacking',
      'its rollback executed for real wanted; it never was',
    ]);
  });

  it('is not reviewed once its first run began', async () => {
    const plan = planOfProcedure('reviewed-too-late');
    await runWell(world, await world.open(plan));
    await runWell(world, await openOf(world, plan, { reviewed: true }));
    expect((await newest('reviewed-too-late')).lacks).toContain(
      'a review before its first run wanted; that ran without one',
    );
  });

  it('has no step by hand, in its rollback neither', async () => {
    const { undo: _undo, command: _command, ...step } = stepOf('undo first');
    const byHand = { ...step, manual: { instructions: 'Turn it back.', confirm: 'It is back.' } };
    const plan = planOfProcedure('by-hand', { rollback: { steps: [byHand] } });
    await runWell(world, await world.open(plan));
    expect((await newest('by-hand')).lacks).toContain(
      'no step by hand wanted, also in its rollback; it has one',
    );
  });

  it('is demoted at once by a run that fails', async () => {
    const plan = await graduate('fails-once');
    const failed = await runBadly(world, await world.open(plan));
    expect(await newest('fails-once')).toMatchObject({
      successfulRuns: 0,
      graduated: false,
      lastFailed: failed.endedAt,
    });
    expect(await isAskedForReview(plan)).toBe(true);
  });

  it('starts its row anew by a hold, while it lasts and after', async () => {
    const plan = await graduate('held-once');
    const { run, runner, report } = await atTheStep(world, await world.open(plan));
    await runner.advance(report({ after: [resultOf('first done', 'unknown')] }));
    expect(await newest('held-once')).toMatchObject({ runs: 7, successfulRuns: 0, graduated: false });
    await world.say(run, 'go-on');
    await runner.advance();
    await runner.advance({ kind: 'recheck', list: 'steps', position: 0, after: [resultOf('first done')] });
    const { body } = await runner.advance({ kind: 'postchecks', results: [resultOf('all is well')] });
    expect(body.run.state).toBe('succeeded');
    expect(await newest('held-once')).toMatchObject({ successfulRuns: 0, lastFailed: expect.any(String) });
    await runWell(world, await world.open(plan));
    expect((await newest('held-once')).successfulRuns).toBe(1);
  });

  it('that nobody ran is not there', async () => {
    const { status, body } = await world.server.ask('GET', '/api/v1/procedures/never', {
      token: world.ana.token,
    });
    expect([status, body.message]).toEqual([404, 'expected a procedure that ran, got `never`']);
    const all = await world.server.ask('GET', '/api/v1/procedures', { token: world.ana.token });
    expect(all.body.procedures.map(({ name }: { name: string }) => name)).toContain('by-hand');
  });
});

it('a record cannot be written by hand: by no route, and by no statement of the server itself', async () => {
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
    for (const path of ['/api/v1/procedures', '/api/v1/procedures/by-hand']) {
      const { status } = await world.server.ask(method, path, {
        token: world.server.admin.token,
        body: { graduated: true },
      });
      expect([method, path, status]).toEqual([method, path, 404]);
    }
  }
  const { db } = world.server.context;
  const statements = [
    `insert into run_holds (run_id, cause) values ('RUN-1', 'x')`,
    `delete from run_holds`,
    `update run_holds set cause = 'x'`,
    `update procedure_runs set good = true`,
    `delete from procedure_records`,
    `update incident_causes set at = '2000-01-01'`,
    `delete from incident_causes`,
    `update runs set state = 'succeeded' where state = 'failed'`,
    `update change_revisions set procedure = 'x'`,
  ];
  for (const statement of statements) {
    await expect(sql.raw(statement).execute(db), statement).rejects.toThrow(
      /permission denied|cannot (update|delete)|that has ended|updated to DEFAULT/,
    );
  }
});
