import { sql, type Selectable } from 'kysely';
import type { CheckResult } from '../contract/check.ts';
import type { Hold } from '../kernel/run/hold.ts';
import type { RunOutline } from '../kernel/run/outline.ts';
import type { ChecksState } from '../kernel/run/snapshot.ts';
import type { RunPhase, RunState } from '../kernel/run/state.ts';
import type { Queries, Transaction } from './database.ts';
import type { HoldWanted, RunTables, SuspendWords } from './run-tables.ts';
import { queueForStage, takingTheStage } from './stage.ts';

/** What a run is started with; none of it ever changes but the runner. */
export interface NewRun {
  readonly changeId: string;
  readonly idempotencyKey: string;
  readonly severity: 'S1' | 'S2' | 'S3' | 'S4';
  readonly planDigest: string;
  readonly environment: string;
  /** Names of the plan's targets; `null` where it names none. */
  readonly targets: readonly string[] | null;
  readonly outline: RunOutline;
  readonly executor: string;
  readonly runner: RunnerOf;
}

/** The runner of an epoch. Instants are epoch milliseconds of the database's clock. */
export interface RunnerOf {
  readonly key: string;
  readonly person: string;
  readonly host: string;
  readonly hostRole: 'bastion' | 'deployer';
  readonly hostEnvironment: string;
  readonly multiplexer: 'tmux' | 'screen' | null;
}

/** A run without its steps and grant. */
export interface StoredRun {
  readonly id: string;
  readonly changeId: string;
  readonly severity: 'S1' | 'S2' | 'S3' | 'S4';
  readonly planDigest: string;
  readonly environment: string;
  /** Names of the plan's targets; `null` where it names none. */
  readonly targets: readonly string[] | null;
  readonly outline: RunOutline;
  readonly executor: string;
  readonly runner: RunnerOf;
  readonly state: RunState;
  readonly phase: RunPhase;
  readonly preflight: ChecksState;
  readonly postchecks: ChecksState;
  readonly preflightResults: readonly CheckResult[];
  readonly watchedResults: readonly CheckResult[];
  readonly postcheckResults: readonly CheckResult[];
  readonly corrected: readonly string[];
  readonly hold: Hold | null;
  readonly holdWanted: HoldWanted | null;
  readonly suspendWords: SuspendWords;
  readonly denied: readonly string[];
  readonly epoch: number;
  readonly lastRequest: string | null;
  /** `null` when no runner holds it. */
  readonly leaseExpiresAt: number | null;
  readonly takeOverFrom: number | null;
  readonly version: number;
  readonly startedAt: number;
  readonly endedAt: number | null;
}

/** Inserts a run and gives its id. @throws {RunInTheWay} */
export async function insertRun(tx: Transaction, run: NewRun, leaseMs: number): Promise<string> {
  await queueForStage(tx);
  const { rows } = await takingTheStage(() =>
    sql<{ id: string }>`
      insert into runs (change_id, idempotency_key, severity, plan_digest, environment, targets, outline,
        executor, host, host_role, host_environment, multiplexer, state, phase, preflight, postchecks, runner_key, runner_person,
        lease_expires_at)
      values (${run.changeId}, ${run.idempotencyKey}, ${run.severity}, ${run.planDigest},
        ${run.environment}, ${run.targets}::text[], ${JSON.stringify(run.outline)}, ${run.executor}, ${run.runner.host}, ${run.runner.hostRole},
        ${run.runner.hostEnvironment}, ${run.runner.multiplexer}, 'preflight', 'preflight', 'due', 'due',
        ${run.runner.key}, ${run.runner.person}, clock_timestamp() + ${leaseMs} * interval '1 ms')
      returning id`.execute(tx),
  );
  const id = rows[0]?.id;
  if (id === undefined) throw new Error('expected the run to be inserted, got no id');
  return id;
}

/** A run under its row's lock, with the database's clock read once the lock was had; `null` if there is none. */
export async function lockRun(
  tx: Transaction,
  id: string,
): Promise<{ readonly run: StoredRun; readonly now: number } | null> {
  const { rows } = await sql<RunRow & { now: Date }>`
    /* prepared: run_lock */ select *, clock_timestamp() as now from runs where id = ${id} for update`.execute(
    tx,
  );
  const row = rows[0];
  return row === undefined ? null : { run: runOf(row), now: row.now.getTime() };
}

export async function findRun(db: Queries, id: string): Promise<StoredRun | null> {
  const row = await db.selectFrom('runs').selectAll().where('id', '=', id).executeTakeFirst();
  return row === undefined ? null : runOf(row);
}

/** Where a run is, what monitoring has to see there, and how far it is, without what was planned and measured. */
export type RunPlace = Pick<
  StoredRun,
  'changeId' | 'state' | 'environment' | 'targets' | 'endedAt' | 'version'
>;

export async function findRunPlace(db: Queries, id: string): Promise<RunPlace | null> {
  const { rows } = await sql<
    Pick<RunRow, 'change_id' | 'state' | 'environment' | 'targets' | 'ended_at' | 'version'>
  >`
    /* prepared: run_place */ select change_id, state, environment, targets, ended_at, version from runs where id = ${id}`.execute(
    db,
  );
  const [row] = rows;
  if (row === undefined) return null;
  const { environment, targets, state, change_id: changeId } = row;
  const endedAt = row.ended_at?.getTime() ?? null;
  return { changeId, state, environment, targets, endedAt, version: Number(row.version) };
}

/** The live run of a change, or the newest one that has ended. */
export async function latestRunOf(db: Queries, changeId: string): Promise<StoredRun | null> {
  const { rows } = await sql<RunRow>`
    /* prepared: run_latest */ select * from runs where change_id = ${changeId} order by number desc limit 1`.execute(
    db,
  );
  return rows[0] === undefined ? null : runOf(rows[0]);
}

/** The run that was started with this key, if any. */
export async function runByKey(db: Queries, changeId: string, key: string): Promise<StoredRun | null> {
  const row = await db
    .selectFrom('runs')
    .selectAll()
    .where('change_id', '=', changeId)
    .where('idempotency_key', '=', key)
    .executeTakeFirst();
  return row === undefined ? null : runOf(row);
}

/** Every run of a change, the newest first. */
export async function runsOfChange(db: Queries, changeId: string): Promise<StoredRun[]> {
  const rows = await db
    .selectFrom('runs')
    .selectAll()
    .where('change_id', '=', changeId)
    .orderBy('number', 'desc')
    .execute();
  return rows.map(runOf);
}

/** Every run that is live, the oldest first. */
export async function liveRuns(db: Queries): Promise<StoredRun[]> {
  const rows = await db
    .selectFrom('runs')
    .selectAll()
    .where('ended_at', 'is', null)
    .orderBy('number')
    .execute();
  return rows.map(runOf);
}

/** Ids of the live runs whose runner's lease has ended, at most `limit`. */
export async function lostRuns(db: Queries, limit: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    /* prepared: run_lost */ select id from runs
    where ended_at is null and lease_expires_at < clock_timestamp() order by lease_expires_at limit ${limit}`.execute(
    db,
  );
  return rows.map(({ id }) => id);
}

/** Writes everything of a run that may change, and gives its new version. @throws {RunInTheWay} */
export async function saveRun(tx: Transaction, run: StoredRun): Promise<number> {
  const { runner } = run;
  const { rows } = await takingTheStage(() =>
    sql<{ version: bigint }>`
      /* prepared: run_save */ update runs set
        host = ${runner.host}, host_role = ${runner.hostRole}, host_environment = ${runner.hostEnvironment},
        multiplexer = ${runner.multiplexer}, runner_key = ${runner.key},
        runner_person = ${runner.person}, last_request = ${run.lastRequest}, state = ${run.state}, phase = ${run.phase},
        preflight = ${run.preflight}, postchecks = ${run.postchecks},
        preflight_results = ${JSON.stringify(run.preflightResults)},
        watched_results = ${JSON.stringify(run.watchedResults)},
        postcheck_results = ${JSON.stringify(run.postcheckResults)}, corrected = ${run.corrected}::text[],
        hold = ${json(run.hold)}, hold_wanted = ${json(run.holdWanted)},
        suspend_words = ${JSON.stringify(run.suspendWords)}, denied = ${run.denied}::text[], epoch = ${run.epoch},
        lease_expires_at = ${instant(run.leaseExpiresAt)}, take_over_from = ${instant(run.takeOverFrom)},
        ended_at = ${instant(run.endedAt)}, version = version + 1
      where id = ${run.id} returning version`.execute(tx),
  );
  return Number(rows[0]?.version ?? 0n);
}

/** The runner is alive: nothing else of the run changes, so neither does its version. */
export async function renewLease(tx: Transaction, id: string, leaseMs: number): Promise<void> {
  await sql`/* prepared: run_renew */ update runs
    set lease_expires_at = clock_timestamp() + ${leaseMs} * interval '1 ms' where id = ${id}`.execute(tx);
}

type RunRow = Selectable<RunTables['runs']>;

function runOf(row: RunRow): StoredRun {
  return {
    id: row.id,
    changeId: row.change_id,
    severity: row.severity,
    planDigest: row.plan_digest,
    environment: row.environment,
    targets: row.targets,
    outline: row.outline,
    executor: row.executor,
    runner: {
      key: row.runner_key,
      person: row.runner_person,
      host: row.host,
      hostRole: row.host_role,
      hostEnvironment: row.host_environment,
      multiplexer: row.multiplexer,
    },
    state: row.state,
    phase: row.phase,
    preflight: row.preflight,
    postchecks: row.postchecks,
    preflightResults: row.preflight_results,
    watchedResults: row.watched_results,
    postcheckResults: row.postcheck_results,
    corrected: row.corrected,
    hold: row.hold,
    holdWanted: row.hold_wanted,
    suspendWords: row.suspend_words,
    denied: row.denied,
    epoch: row.epoch,
    lastRequest: row.last_request,
    leaseExpiresAt: row.lease_expires_at?.getTime() ?? null,
    takeOverFrom: row.take_over_from?.getTime() ?? null,
    version: Number(row.version),
    startedAt: row.started_at.getTime(),
    endedAt: row.ended_at?.getTime() ?? null,
  };
}

function json(value: unknown): string | null {
  return value === null ? null : JSON.stringify(value);
}

function instant(ms: number | null): Date | null {
  return ms === null ? null : new Date(ms);
}
