import { sql, type Selectable } from 'kysely';
import type { Queries, Transaction } from './database.ts';
import type { WaitOutcome, WaitTables } from './wait-tables.ts';

export type WaitRow = Selectable<WaitTables['start_waits']>;

/** "turns" in ASCII: whoever begins to wait, beats or is given a turn does so one after the other. */
const TURN_QUEUE = '500154068595';

/** Waits for whoever waits or takes a turn just now. */
export async function queueForTurns(tx: Transaction): Promise<void> {
  await sql`select pg_advisory_xact_lock(${TURN_QUEUE}::bigint)`.execute(tx);
}

export interface NewWait {
  readonly changeId: string;
  readonly key: string;
  readonly person: string;
  readonly host: { readonly name: string; readonly environment: string };
  /** Epoch milliseconds. */
  readonly clearsAt: number;
  readonly leaseMs: number;
}

export async function insertWait(tx: Transaction, wait: NewWait): Promise<WaitRow> {
  const { rows } = await sql<WaitRow>`
    insert into start_waits (change_id, idempotency_key, person, host, host_environment, clears_at, lease_expires_at)
    values (${wait.changeId}, ${wait.key}, ${wait.person}, ${wait.host.name}, ${wait.host.environment},
      ${new Date(wait.clearsAt)}, clock_timestamp() + ${wait.leaseMs} * interval '1 ms')
    returning *`.execute(tx);
  const row = rows[0];
  if (!row) throw new Error('expected the inserted wait, got no row');
  return row;
}

/** The wait that was begun with this key, if any. */
export async function waitByKey(db: Queries, changeId: string, key: string): Promise<WaitRow | undefined> {
  return db
    .selectFrom('start_waits')
    .selectAll()
    .where('change_id', '=', changeId)
    .where('idempotency_key', '=', key)
    .executeTakeFirst();
}

/** Who waits to start this change now, if anybody. */
export async function liveWaitOf(db: Queries, changeId: string): Promise<WaitRow | undefined> {
  return db
    .selectFrom('start_waits')
    .selectAll()
    .where('change_id', '=', changeId)
    .where('ended_at', 'is', null)
    .executeTakeFirst();
}

/** A wait under its row's lock, with the database's clock read once the lock was had. */
export async function lockWait(
  tx: Transaction,
  id: string,
): Promise<{ readonly wait: WaitRow; readonly now: number } | null> {
  const { rows } = await sql<WaitRow & { now: Date }>`
    select *, clock_timestamp() as now from start_waits where id = ${id} for update`.execute(tx);
  const row = rows[0];
  return row === undefined ? null : { wait: row, now: row.now.getTime() };
}

/** The one that waits was heard: its lease is renewed, and since when time no longer stops it is noted. */
export async function beat(
  tx: Transaction,
  id: string,
  {
    clearsAt,
    open,
    leaseMs,
  }: { readonly clearsAt: number; readonly open: boolean; readonly leaseMs: number },
): Promise<void> {
  await sql`
    update start_waits set clears_at = ${new Date(clearsAt)}, beaten_at = clock_timestamp(),
      open_since = case when ${open} then coalesce(open_since, clock_timestamp()) end,
      lease_expires_at = clock_timestamp() + ${leaseMs} * interval '1 ms'
    where id = ${id}`.execute(tx);
}

/**
 * Gives the turn to one that waits, if it is its: nobody who waits longer and is still attached could start too, whoever had
 * the last turn has used it or is gone, and the pace since is over. Only for those whom `queueForTurns` has let in.
 */
export async function takeTurn(tx: Transaction, id: string, paceMs: number): Promise<boolean> {
  const { rows } = await sql`
    insert into start_turns (wait, during)
    select w.id, tstzrange(t.now, t.now + ${paceMs} * interval '1 ms')
    from start_waits w, (select clock_timestamp() as now) t
    where w.id = ${id} and w.ended_at is null and w.open_since is not null and w.lease_expires_at > t.now
      and not exists (
        select from start_waits before left join start_turns had on had.wait = before.id
        where before.ended_at is null and before.lease_expires_at > t.now and before.id <> w.id
          -- What it was last heard to wait for may have ended since: it is given one beat to say so.
          and (had.wait is not null
            or before.number < w.number and (before.clears_at <= t.now or before.beaten_at < w.open_since)))
    on conflict do nothing returning wait`.execute(tx);
  return rows.length > 0;
}

/** When a wait was given its turn, epoch milliseconds; `null` if it was not. */
export async function turnOf(db: Queries, id: string): Promise<number | null> {
  const { rows } = await sql<{ at: Date }>`
    select lower(during) as at from start_turns where wait = ${id}`.execute(db);
  return rows[0]?.at.getTime() ?? null;
}

export async function endWait(tx: Transaction, id: string, outcome: WaitOutcome): Promise<void> {
  await sql`
    update start_waits set ended_at = clock_timestamp(), outcome = ${outcome}
    where id = ${id} and ended_at is null`.execute(tx);
}

/**
 * A change starts: whoever waited for that waits no longer, and the pace counts from now, unless another was given a turn since.
 * Gives the wait's id, if there was one.
 */
export async function endWaitByStart(
  tx: Transaction,
  changeId: string,
  paceMs: number,
): Promise<string | null> {
  const { rows } = await sql<{ id: string }>`
    update start_waits set ended_at = clock_timestamp(), outcome = 'started'
    where change_id = ${changeId} and ended_at is null returning id`.execute(tx);
  const id = rows[0]?.id;
  if (id === undefined) return null;
  await sql`
    update start_turns mine set during = tstzrange(lower(during), t.until)
    from (select clock_timestamp() + ${paceMs} * interval '1 ms' as until) t
    where wait = ${id} and not exists (
      select from start_turns other where other.wait <> ${id} and other.during && tstzrange(lower(mine.during), t.until))`.execute(
    tx,
  );
  return id;
}

/** Those that wait and were not heard in time, the oldest first. Locked; ones that another server looks at are left out. */
export async function vanishedWaits(tx: Transaction): Promise<WaitRow[]> {
  const { rows } = await sql<WaitRow>`
    select * from start_waits where ended_at is null and lease_expires_at < clock_timestamp()
    order by number for update skip locked`.execute(tx);
  return rows;
}
