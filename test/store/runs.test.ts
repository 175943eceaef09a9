import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RunOutline } from '../../src/kernel/run/outline.ts';
import { transact } from '../../src/store/database.ts';
import { closeGrant, insertGrant } from '../../src/store/grants.ts';
import { runFacts, runningChanges } from '../../src/store/run-facts.ts';
import { keepReport } from '../../src/store/run-reports.ts';
import { insertSteps, saveStep, stepsOfRun } from '../../src/store/run-steps.ts';
import { findRun, insertRun, lockRun, lostRuns, saveRun, type NewRun } from '../../src/store/runs.ts';
import { RunInTheWay } from '../../src/store/stage.ts';
import { testDatabase, type TestDatabase } from '../kit/database.ts';

const OUTLINE: RunOutline = {
  steps: [],
  rollback: [],
  preflights: [],
  postchecks: [],
  watched: ['errors'],
  pointOfNoReturn: null,
};

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
  await sql`insert into people (name, kind, issuer, subject, display_name)
    values ('ben', 'person', 'local', 'ben', 'Ben')`.execute(database.db);
  await sql`insert into changes (revision, author, title, environment, services, criticality, severity, kind, executor,
      digest)
    select 1, 'ben', 'x', 'shop', array['web'], 'C3', 'S3', 'service', 'ben', ${`sha256:${'a'.repeat(64)}`}
    from generate_series(1, 250)`.execute(database.db);
});
afterAll(() => database.drop());
beforeEach(async () => {
  await sql`update runs set state = 'failed', hold = null, ended_at = now() where ended_at is null`.execute(
    database.db,
  );
});

function newRun(changeId: string, severity: NewRun['severity'], key = `key-${changeId}-1`): NewRun {
  const runner = {
    key,
    person: 'ben',
    host: 'bastion-1',
    hostRole: 'bastion',
    hostEnvironment: 'shop',
    multiplexer: 'tmux',
  } as const;
  return {
    changeId,
    idempotencyKey: key,
    severity,
    planDigest: `sha256:${'a'.repeat(64)}`,
    environment: 'shop',
    targets: ['db-1'],
    outline: OUTLINE,
    executor: 'ben',
    runner,
  };
}

let last = 0;
const start = (changeId: string, severity: NewRun['severity'], leaseMs = 60_000) =>
  transact(database.db, (tx) => insertRun(tx, newRun(changeId, severity, `key-${(last += 1)}`), leaseMs));

describe('the stage', () => {
  it('holds many of S3 and S4, one of a change', async () => {
    await start('CHG-1', 'S3');
    await start('CHG-2', 'S4');
    await expect(start('CHG-1', 'S3')).rejects.toMatchObject({ kind: 'same-change' });
    expect(await runningChanges(database.db)).toEqual([
      { id: 'CHG-1', severity: 'S3', suspended: false },
      { id: 'CHG-2', severity: 'S4', suspended: false },
    ]);
  });

  it.each([
    ['S1', 'S1'],
    ['S1', 'S2'],
    ['S2', 'S4'],
    ['S3', 'S1'],
  ] as const)('holds no %s beside a %s', async (first, second) => {
    await start('CHG-3', first);
    await expect(start('CHG-4', second)).rejects.toBeInstanceOf(RunInTheWay);
  });

  it('holds one of a hundred that start at once', async () => {
    const starts = await Promise.allSettled(
      Array.from({ length: 100 }, (_, index) => start(`CHG-${100 + index}`, 'S2')),
    );
    expect(starts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const reasons = starts.filter((one) => one.status === 'rejected').map(({ reason }) => reason as unknown);
    expect(reasons.every((reason) => reason instanceof RunInTheWay)).toBe(true);
  });

  it('is left by a suspended run, which comes back only when it is free', async () => {
    const first = await start('CHG-5', 'S1');
    await transact(database.db, async (tx) => {
      const locked = await lockRun(tx, first);
      if (locked === null) throw new Error('gone');
      const hold = {
        cause: 'incident',
        because: 'x',
        rules: [],
        since: 1,
        by: null,
        dutyOnly: false,
      } as const;
      await saveRun(tx, {
        ...locked.run,
        state: 'suspended',
        hold: { ...hold, passes: 0, needsPerson: true, clearSince: null, releasedBy: null },
      });
    });
    await start('CHG-6', 'S2');
    await expect(
      transact(database.db, async (tx) => {
        const locked = await lockRun(tx, first);
        if (locked !== null) await saveRun(tx, { ...locked.run, state: 'held' });
      }),
    ).rejects.toMatchObject({ kind: 'stage' });
  });
});

describe('a run', () => {
  it('keeps its word once it has ended', async () => {
    const id = await start('CHG-7', 'S3');
    await sql`update runs set state = 'succeeded', ended_at = now() where id = ${id}`.execute(database.db);
    await expect(sql`update runs set state = 'failed' where id = ${id}`.execute(database.db)).rejects.toThrow(
      'a run that has ended is not changed',
    );
    await expect(sql`delete from runs where id = ${id}`.execute(database.db)).rejects.toThrow();
  });

  it('never gets an older epoch', async () => {
    const id = await start('CHG-8', 'S3');
    await sql`update runs set epoch = 3 where id = ${id}`.execute(database.db);
    await expect(sql`update runs set epoch = 2 where id = ${id}`.execute(database.db)).rejects.toThrow(
      'only grow',
    );
  });

  it('is lost when its lease has ended', async () => {
    const alive = await start('CHG-9', 'S3');
    const lost = await start('CHG-10', 'S3', -1);
    expect(await lostRuns(database.db, 10)).toEqual([lost]);
    expect((await findRun(database.db, alive))?.leaseExpiresAt).toBeGreaterThan(Date.now() - 60_000);
  });

  it('has an unknown metric where one is watched and not measured', async () => {
    await start('CHG-11', 'S3');
    expect(await runFacts(database.db, 'CHG-11')).toEqual({
      preflights: [],
      watched: [{ name: 'errors', verdict: 'unknown' }],
      postchecks: [],
      handoff: null,
      blind: null,
      dryRun: null,
      dryRunTwin: null,
      acknowledges: [],
      runningSince: expect.any(Date) as Date,
    });
  });

  it('has at most one open step', async () => {
    const id = await start('CHG-12', 'S3');
    const step = { name: 'x', executable: true, safeStop: true, idempotent: false, interruptible: false };
    const one = {
      ...step,
      timeoutMs: 1,
      beforeChecks: [],
      afterChecks: [],
      hasProbe: false,
      undo: { nothing: 'x' },
    };
    await transact(database.db, (tx) =>
      insertSteps(tx, id, { ...OUTLINE, steps: [one, { ...one, name: 'y' }] }),
    );
    const [first, second] = await stepsOfRun(database.db, id);
    if (first === undefined || second === undefined) throw new Error('expected two steps');
    await transact(database.db, (tx) => saveStep(tx, id, { ...first, state: 'unknown' }));
    await expect(
      transact(database.db, (tx) => saveStep(tx, id, { ...second, state: 'granted' })),
    ).rejects.toThrow('run_steps_one_open');
  });
});

describe('a grant', () => {
  it('is one of a run at a time, of its epoch, and closed once', async () => {
    const runId = await start('CHG-13', 'S3');
    const grant = {
      runId,
      list: 'steps',
      segment: 0,
      attempt: 1,
      epoch: 1,
      lastsMs: 1_000,
      environment: 'shop',
      targets: null,
    } as const;
    const given = await transact(database.db, (tx) => insertGrant(tx, grant));
    await expect(transact(database.db, (tx) => insertGrant(tx, grant))).rejects.toThrow('grants_one_live');
    await transact(database.db, (tx) => closeGrant(tx, given.id, 'reported'));
    await expect(transact(database.db, (tx) => insertGrant(tx, { ...grant, epoch: 2 }))).rejects.toThrow(
      'epoch',
    );
    await expect(
      sql`update grants set closed_at = null, closed_because = null where id = ${given.id}`.execute(
        database.db,
      ),
    ).rejects.toThrow('only closed, once');
  });

  it('is not given to a run that has ended', async () => {
    const runId = await start('CHG-14', 'S3');
    await sql`update runs set state = 'failed', ended_at = now() where id = ${runId}`.execute(database.db);
    await expect(
      transact(database.db, (tx) =>
        insertGrant(tx, {
          runId,
          list: 'steps',
          segment: 0,
          attempt: 1,
          epoch: 1,
          lastsMs: 1,
          environment: 'shop',
          targets: null,
        }),
      ),
    ).rejects.toThrow('live run');
  });
});

it('keeps a report once', async () => {
  const runId = await start('CHG-15', 'S3');
  const report = { runId, epoch: 1, requestKey: 'req-0001', kind: 'step', late: false, body: { a: 1 } };
  expect(await transact(database.db, (tx) => keepReport(tx, report))).toBe(true);
  expect(await transact(database.db, (tx) => keepReport(tx, report))).toBe(false);
});
