import { sql } from 'kysely';
import type { LockKind } from '../kernel/policy/facts.ts';
import type { Queries, Transaction } from './database.ts';
import { writeStanding } from './standing.ts';

/** A lock beside those of the policy. It holds while it is confirmed, or of an emergency, and not released. */
export interface LockRow {
  readonly id: string;
  readonly kind: LockKind;
  readonly environments: string[];
  readonly category: string;
  readonly reason: string;
  readonly start: Date;
  readonly end: Date;
  readonly emergency: boolean;
  readonly proposed_by: string;
  readonly proposed_at: Date;
  readonly confirmed_by: string | null;
  readonly confirmed_at: Date | null;
  readonly released_by: string | null;
  readonly released_at: Date | null;
}

const columns = sql`id, kind, environments, category, reason, lower(during) as start, upper(during) as "end", emergency,
  proposed_by, proposed_at, confirmed_by, confirmed_at, released_by, released_at`;

export type NewLock = Pick<
  LockRow,
  'kind' | 'environments' | 'category' | 'reason' | 'start' | 'end' | 'emergency' | 'proposed_by'
>;

/** Proposes a lock, or makes one of an emergency, and gives its id. */
export async function insertLock(tx: Transaction, lock: NewLock): Promise<string> {
  await writeStanding(tx);
  const { rows } = await sql<{ id: string }>`
    insert into locks (kind, environments, category, reason, during, emergency, proposed_by, proposed_at)
    values (${lock.kind}, ${lock.environments}, ${lock.category}, ${lock.reason}, tstzrange(${lock.start}, ${lock.end}),
      ${lock.emergency}, ${lock.proposed_by}, clock_timestamp())
    returning id`.execute(tx);
  const row = rows[0];
  if (!row) throw new Error('expected the id of the new lock, got no row');
  return row.id;
}

/** One lock, held until the transaction ends. */
export async function lockLock(tx: Transaction, id: string): Promise<LockRow | undefined> {
  return (await sql<LockRow>`select ${columns} from locks where id = ${id} for no key update`.execute(tx))
    .rows[0];
}

export async function confirmLock(tx: Transaction, id: string, by: string): Promise<void> {
  await writeStanding(tx);
  await sql`update locks set confirmed_by = ${by}, confirmed_at = clock_timestamp() where id = ${id}`.execute(
    tx,
  );
}

export async function releaseLock(tx: Transaction, id: string, by: string): Promise<void> {
  await writeStanding(tx);
  await sql`update locks set released_by = ${by}, released_at = clock_timestamp() where id = ${id}`.execute(
    tx,
  );
}

/** The locks that hold in an environment from an instant on: what a decision about it has to know. */
export async function locksInForce(db: Queries, environment: string, from: Date): Promise<LockRow[]> {
  return (
    await sql<LockRow>`
      /* prepared: locks_in_force */ select ${columns} from locks
      where environments @> array[${environment}] and (emergency or confirmed_at is not null) and released_at is null
        and during && tstzrange(${from}, null) order by number`.execute(db)
  ).rows;
}

/** Locks that touch `[from, to)` and hold, or held until they were released after an instant. */
export async function locksTouching(
  db: Queries,
  { from, to, releasedSince }: { readonly from: Date; readonly to: Date; readonly releasedSince: Date },
): Promise<LockRow[]> {
  return (
    await sql<LockRow>`
      select ${columns} from locks
      where during && tstzrange(${from}, ${to}) and (emergency or confirmed_at is not null)
        and (released_at is null or released_at > ${releasedSince})
      order by lower(during), number`.execute(db)
  ).rows;
}

/** One lock, whatever became of it. */
export async function findLock(db: Queries, id: string): Promise<LockRow | undefined> {
  return (await sql<LockRow>`select ${columns} from locks where id = ${id}`.execute(db)).rows[0];
}

/** Every lock that has not ended, proposals too. */
export async function listLocks(db: Queries): Promise<LockRow[]> {
  return (
    await sql<LockRow>`select ${columns} from locks where upper(during) > now() order by lower(during)`.execute(
      db,
    )
  ).rows;
}
