import { sql } from 'kysely';
import type { CheckResult } from '../contract/check.ts';
import type { Queries, Transaction } from './database.ts';

/** A check that is measured a while after its change is complete. */
export interface DelayedCheckRow {
  readonly run_id: string;
  readonly position: number;
  readonly name: string;
  readonly due_at: Date;
  /** Whether its time has come and it is open, by the database's clock. */
  readonly due: boolean;
  readonly overdue_at: Date | null;
  readonly verdict: 'pass' | 'fail' | null;
  readonly because: string | null;
  readonly person: string | null;
  readonly host: string | null;
  readonly measured_at: Date | null;
}

const columns = sql`
  d.run_id, d.position, d.name, d.due_at, (d.measured_at is null and d.due_at <= clock_timestamp()) as due, d.overdue_at,
  d.verdict, d.because, d.person, d.host, d.measured_at`;

/** Writes down what is to be measured of a run that has just succeeded, and when. Twice is once. */
export async function beginWatching(
  tx: Transaction,
  runId: string,
  checks: readonly { readonly name: string; readonly afterMs: number }[],
): Promise<void> {
  for (const [position, { name, afterMs }] of checks.entries()) {
    await sql`
      insert into delayed_checks (run_id, position, name, due_at)
      values (${runId}, ${position}, ${name}, clock_timestamp() + ${afterMs} * interval '1 ms')
      on conflict do nothing`.execute(tx);
  }
}

/** The delayed checks of a change, the first due first. */
export async function delayedChecksOf(db: Queries, changeId: string): Promise<DelayedCheckRow[]> {
  const { rows } = await sql<DelayedCheckRow>`
    select ${columns} from delayed_checks d join runs r on r.id = d.run_id
    where r.change_id = ${changeId} order by d.due_at, d.run_id, d.position`.execute(db);
  return rows;
}

/** One of them, locked. */
export async function lockDelayedCheck(
  tx: Transaction,
  {
    changeId,
    runId,
    position,
  }: { readonly changeId: string; readonly runId: string; readonly position: number },
): Promise<DelayedCheckRow | undefined> {
  const { rows } = await sql<DelayedCheckRow>`
    select ${columns} from delayed_checks d join runs r on r.id = d.run_id
    where r.change_id = ${changeId} and d.run_id = ${runId} and d.position = ${position} for update of d`.execute(
    tx,
  );
  return rows[0];
}

/** Keeps a measurement. Only one that could tell closes the check. */
export async function keepDelayed(
  tx: Transaction,
  measured: {
    readonly runId: string;
    readonly position: number;
    readonly result: CheckResult;
    readonly person: string;
    readonly host: string;
  },
): Promise<void> {
  const { runId, position, result, person, host } = measured;
  const verdict = result.verdict === 'unknown' ? null : result.verdict;
  await sql`
    update delayed_checks set because = ${result.because}, result = ${JSON.stringify(result)}, person = ${person},
      host = ${host}, verdict = ${verdict}, measured_at = case when ${verdict}::text is null then null else clock_timestamp() end
    where run_id = ${runId} and position = ${position}`.execute(tx);
}

/** Marks checks that nobody has measured in time, each once; gives them with their changes. */
export async function takeOverdue(
  tx: Transaction,
  graceMs: number,
): Promise<readonly (DelayedCheckRow & { readonly change_id: string })[]> {
  const { rows } = await sql<DelayedCheckRow & { change_id: string }>`
    update delayed_checks d set overdue_at = clock_timestamp() from runs r
    where r.id = d.run_id and (d.run_id, d.position) in (
      select run_id, position from delayed_checks
      where measured_at is null and overdue_at is null and due_at < clock_timestamp() - ${graceMs} * interval '1 ms'
      order by due_at limit 100 for update skip locked)
    returning ${columns}, r.change_id`.execute(tx);
  return rows;
}
