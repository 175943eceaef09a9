import { sql, type RawBuilder } from 'kysely';
import type { LockKind } from '../kernel/policy/facts.ts';
import type { Queries, Transaction } from './database.ts';
import type { Given } from './rows-in-json.ts';
import { writeStanding } from './standing.ts';

/** Days of a lock that come again. `starting` is days since 1970-01-01; the days begin `dayBeginsMs` past midnight UTC. */
export interface LockRecurrence {
  readonly starting: number;
  readonly rule: string;
  readonly days: number;
  readonly dayBeginsMs: number;
}

/** What one version of a lock says. */
export interface LockText {
  readonly kind: LockKind;
  readonly environments: string[];
  readonly category: string;
  readonly reason: string;
  readonly start: Date;
  /** Without one it comes again for ever. */
  readonly end: Date | null;
  readonly recurrence: LockRecurrence | null;
  readonly digest: string;
}

/** A lock beside those of the policy, in one of its versions. It holds while that is in force, and not released. */
export interface LockRow extends LockText {
  readonly id: string;
  readonly version: number;
  readonly emergency: boolean;
  readonly made_by: string;
  readonly proposed_by: string;
  readonly proposed_at: Date;
  readonly confirmed_by: string | null;
  readonly confirmed_at: Date | null;
  readonly released_by: string | null;
  readonly released_at: Date | null;
}

const columns = sql`
  l.id, v.version, v.kind, v.environments, v.category, v.reason, lower(v.during) as start, upper(v.during) as "end",
  v.recurrence, v.digest, l.emergency, l.made_by, v.proposed_by, v.proposed_at, v.confirmed_by, v.confirmed_at,
  l.released_by, l.released_at`;
const versions = sql`locks l join lock_versions v on v.lock_id = l.id`;
const inForce = sql`v.version = (
  select max(w.version) from lock_versions w
  where w.lock_id = l.id and (w.confirmed_at is not null or (l.emergency and w.version = 1)))`;

/** One of the versions of a lock touches `[from, to)`; without an end, `[from, ∞)`. */
function anyTouches(from: Date, to: Date | null): RawBuilder<boolean> {
  return sql`exists (select from lock_versions w where w.lock_id = l.id and w.during && tstzrange(${from}, ${to}))`;
}

function notReleasedBy(at: Date): RawBuilder<boolean> {
  return sql`(l.released_at is null or l.released_at > ${at})`;
}

/** Makes a lock with its first version, and gives its id. */
export async function insertLock(
  tx: Transaction,
  lock: LockText & { readonly emergency: boolean },
  by: string,
): Promise<string> {
  await writeStanding(tx);
  const { rows } = await sql<{ id: string }>`
    insert into locks (emergency, made_by) values (${lock.emergency}, ${by}) returning id`.execute(tx);
  const row = rows[0];
  if (!row) throw new Error('expected the id of the new lock, got no row');
  await insertVersion(tx, { ...lock, id: row.id, version: 1 }, by);
  return row.id;
}

/** Adds a version that waits to be confirmed. */
export async function insertVersion(
  tx: Transaction,
  lock: LockText & { readonly id: string; readonly version: number },
  by: string,
): Promise<void> {
  const recurrence = lock.recurrence === null ? null : JSON.stringify(lock.recurrence);
  await sql`
    insert into lock_versions (lock_id, version, kind, environments, category, reason, during, recurrence, digest, proposed_by,
      proposed_at)
    values (${lock.id}, ${lock.version}, ${lock.kind}, ${lock.environments}, ${lock.category}, ${lock.reason},
      tstzrange(${lock.start}, ${lock.end}), ${recurrence}::jsonb, ${lock.digest}, ${by}, clock_timestamp())`.execute(
    tx,
  );
}

/** Every version of one lock, the oldest first, held until the transaction ends. */
export async function holdVersions(tx: Transaction, id: string): Promise<LockRow[]> {
  await sql`select from locks where id = ${id} for no key update`.execute(tx);
  return versionsOf(tx, id);
}

/** Every version of one lock, the oldest first. */
export async function versionsOf(db: Queries, id: string): Promise<LockRow[]> {
  return (
    await sql<LockRow>`select ${columns} from ${versions} where l.id = ${id} order by v.version`.execute(db)
  ).rows;
}

export async function confirmVersion(
  tx: Transaction,
  { id, version }: Pick<LockRow, 'id' | 'version'>,
  by: string,
): Promise<void> {
  await writeStanding(tx);
  await sql`
    update lock_versions set confirmed_by = ${by}, confirmed_at = clock_timestamp()
    where lock_id = ${id} and version = ${version}`.execute(tx);
}

export async function releaseLock(tx: Transaction, id: string, by: string): Promise<void> {
  await writeStanding(tx);
  await sql`update locks set released_by = ${by}, released_at = clock_timestamp() where id = ${id}`.execute(
    tx,
  );
}

/** The locks in force, of an environment or of all, that have not ended at an instant. */
export async function standingLocks(db: Queries, environment: string | null, from: Date): Promise<LockRow[]> {
  const environments = environment === null ? null : [environment];
  return (
    await sql<LockRow>`/* prepared: locks_in_force */ ${locksInForceFrom(environments, sql`${from}::timestamptz`)}`.execute(
      db,
    )
  ).rows;
}

/** The same as a query; of all environments, where they are null. */
export function locksInForceFrom(
  environments: Given<readonly string[] | null>,
  from: RawBuilder<Date>,
): RawBuilder<LockRow> {
  return sql`
    select ${columns} from ${versions}
    where (${environments}::text[] is null or v.environments && ${environments}::text[]) and l.released_at is null
      and v.during && tstzrange(${from}, null) and ${inForce} order by l.number`;
}

/** Locks that touch `[from, to)` and hold, or held until they were released after an instant. */
export async function locksTouching(
  db: Queries,
  { from, to, releasedSince }: { readonly from: Date; readonly to: Date; readonly releasedSince: Date },
): Promise<LockRow[]> {
  return (
    await sql<LockRow>`
      select ${columns} from ${versions}
      where v.during && tstzrange(${from}, ${to}) and ${inForce}
        and ${notReleasedBy(releasedSince)}
      order by lower(v.during), l.number`.execute(db)
  ).rows;
}

/**
 * Every version that is or was in force of the locks of which one touches `[from, to)`, by lock, the oldest version first; not of those
 * that were released before an instant.
 */
export async function locksOnceTouching(
  db: Queries,
  { from, to, releasedSince }: { readonly from: Date; readonly to: Date; readonly releasedSince: Date },
): Promise<LockRow[]> {
  return (
    await sql<LockRow>`
      select ${columns} from ${versions}
      where ${anyTouches(from, to)}
        and (v.confirmed_at is not null or (l.emergency and v.version = 1))
        and ${notReleasedBy(releasedSince)}
      order by l.number, v.version`.execute(db)
  ).rows;
}

/** Every version of the locks of which one touches `[from, to)`, by lock, the oldest version first. */
export async function listLocks(
  db: Queries,
  { from, to }: { readonly from: Date; readonly to: Date | null },
): Promise<LockRow[]> {
  return (
    await sql<LockRow>`
      select ${columns} from ${versions}
      where ${anyTouches(from, to)}
      order by l.number, v.version`.execute(db)
  ).rows;
}
