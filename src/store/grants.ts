import { sql, type Selectable } from 'kysely';
import type { StepList } from '../kernel/run/state.ts';
import type { Queries, Transaction } from './database.ts';
import type { RunTables } from './run-tables.ts';

/** The right to execute the steps of one segment, once, by the runner of one epoch. Instants are epoch milliseconds. */
export interface Grant {
  readonly id: string;
  readonly runId: string;
  readonly list: 'preflight' | StepList;
  readonly segment: number;
  readonly attempt: number;
  readonly epoch: number;
  readonly grantedAt: number;
  readonly expiresAt: number;
  readonly closedAt: number | null;
}

/** What a grant is for. */
export interface NewGrant {
  readonly runId: string;
  readonly list: 'preflight' | StepList;
  readonly segment: number;
  readonly attempt: number;
  readonly epoch: number;
  /** How long the work under it can take at the most. */
  readonly lastsMs: number;
  /** Whose proof of monitoring it rests on: that is kept for good. */
  readonly environment: string;
  readonly targets: readonly string[] | null;
}

/** Writes a grant. A second live one of a run, or one of an epoch that is not the run's, is refused by the database. */
export async function insertGrant(tx: Transaction, grant: NewGrant): Promise<Grant> {
  // As a proof stores them: without a target it is of none.
  const targets = (grant.targets ?? []).toSorted();
  const { rows } = await sql<Selectable<RunTables['grants']>>`
    /* prepared: grant_insert */ with proof as (
      update monitoring_proofs set kept = true where not kept and id = (
        select id from monitoring_proofs
        where environment = ${grant.environment} and targets = ${targets}::text[]
          and hash_array_extended(targets, 0) = hash_array_extended(${targets}::text[], 0)
        order by proved_at desc, id desc limit 1))
    insert into grants (run_id, list, segment, attempt, epoch, expires_at)
    values (${grant.runId}, ${grant.list}, ${grant.segment}, ${grant.attempt}, ${grant.epoch},
      clock_timestamp() + ${grant.lastsMs} * interval '1 ms')
    returning *`.execute(tx);
  if (rows[0] === undefined) throw new Error('expected the grant to be inserted, got no row');
  return grantOf(rows[0]);
}

/** When the first grant of a segment was given; `null` where none was. Later ones, of another try, change nothing of it. */
export async function firstGranted(
  db: Queries,
  runId: string,
  list: StepList,
  segment: number,
): Promise<Date | null> {
  const { rows } = await sql<{ at: Date | null }>`
    select min(granted_at) as at from grants
    where run_id = ${runId} and list = ${list} and segment = ${segment}`.execute(db);
  return rows[0]?.at ?? null;
}

/** The grant of a run that is not closed, if any. */
export async function liveGrant(db: Queries, runId: string): Promise<Grant | null> {
  const { rows } = await sql<Selectable<RunTables['grants']>>`
    /* prepared: grant_live */ select * from grants where run_id = ${runId} and closed_at is null`.execute(
    db,
  );
  return rows[0] === undefined ? null : grantOf(rows[0]);
}

/** Closes a grant: nothing is executed under it any more. */
export async function closeGrant(tx: Transaction, id: string, because: string): Promise<void> {
  await sql`/* prepared: grant_close */ update grants
    set closed_at = clock_timestamp(), closed_because = ${because}
    where id = ${id} and closed_at is null`.execute(tx);
}

/** Every grant of a run, the oldest first. */
export async function grantsOfRun(db: Queries, runId: string): Promise<Grant[]> {
  const rows = await db
    .selectFrom('grants')
    .selectAll()
    .where('run_id', '=', runId)
    .orderBy('number')
    .execute();
  return rows.map(grantOf);
}

function grantOf(row: Selectable<RunTables['grants']>): Grant {
  return {
    id: row.id,
    runId: row.run_id,
    list: row.list,
    segment: row.segment,
    attempt: row.attempt,
    epoch: row.epoch,
    grantedAt: row.granted_at.getTime(),
    expiresAt: row.expires_at.getTime(),
    closedAt: row.closed_at?.getTime() ?? null,
  };
}
