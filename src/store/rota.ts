import { sql, type RawBuilder } from 'kysely';
import type { RotaName } from '../contract/people.ts';
import type { Queries, Transaction } from './database.ts';

/** One person on call, from `start` until just before `end`. */
export interface ShiftRow {
  readonly rota: RotaName;
  readonly person: string;
  readonly start: Date;
  readonly end: Date;
}

/** A shift as it is laid, with the calendar it was imported from. */
export interface LaidShift extends ShiftRow {
  readonly source: bigint | null;
}

/**
 * INVARIANT: nobody is on duty by a calendar that has not been heard of for too long, nor from when their account was closed. Such
 * shifts end there, here, wherever they are read: no job has to run for that, and whoever closes an account need not think of it.
 */
export const shiftsInForce = sql`
  rota_shifts s join people holder on holder.name = s.person left join rota_sources o on o.id = s.source
    cross join lateral (
      select case when o.good_until <= now() or holder.disabled_at is not null
        then s.during * tstzrange(null, least(case when o.good_until <= now() then o.good_until end, holder.disabled_at))
        else s.during end as span
    ) relied`;

/** The shifts in force that touch `[from, to)`, by rota and start. */
export async function shiftsBetween(db: Queries, from: Date, to: Date): Promise<ShiftRow[]> {
  const { rows } = await sql<ShiftRow>`
    /* prepared: shifts_between */ ${shiftsTouching(sql`tstzrange(${from}, ${to})`)}`.execute(db);
  return rows;
}

/** The same as a query, of a stretch of time that it may have to work out. */
export function shiftsTouching(stretch: RawBuilder<unknown>): RawBuilder<ShiftRow> {
  return sql`
    select s.rota, s.person, lower(span) as start, upper(span) as "end" from ${shiftsInForce}
    where s.retired_at is null and s.during && ${stretch} and span && ${stretch}
    order by s.rota, lower(span)`;
}

type OnDuty = Partial<Record<RotaName, string>>;

/** Who is on duty in each rota at the database's now. */
export async function onDutyNow(db: Queries): Promise<OnDuty> {
  return onDuty(db, sql<Date>`now()`);
}

/** Who is, or was, on duty in each rota at an instant. */
export async function onDutyAt(db: Queries, at: Date): Promise<OnDuty> {
  return onDuty(db, sql<Date>`${at}::timestamptz`);
}

async function onDuty(db: Queries, at: ReturnType<typeof sql<Date>>): Promise<OnDuty> {
  const { rows } = await sql<{ rota: RotaName; person: string }>`
    select s.rota, s.person from ${shiftsInForce}
    where s.retired_at is null and s.during @> ${at} and span @> ${at}`.execute(db);
  return Object.fromEntries(rows.map((row) => [row.rota, row.person]));
}

/** The database's now, the same throughout the transaction. */
export async function transactionInstant(tx: Transaction): Promise<Date> {
  const { rows } = await sql<{ now: Date }>`select date_trunc('milliseconds', now()) as now`.execute(tx);
  const row = rows[0];
  if (!row) throw new Error('expected the time of the database, got no row');
  return row.now;
}

/** What is laid of a rota from an instant on, whether or not its calendar may still be relied on. */
export async function laidFrom(
  tx: Transaction,
  rota: RotaName,
  from: Date,
): Promise<(LaidShift & { readonly id: bigint })[]> {
  const { rows } = await sql<LaidShift & { id: bigint }>`
    select id, rota, person, source, lower(during) as start, upper(during) as "end" from rota_shifts
    where rota = ${rota} and retired_at is null and upper(during) > ${from} order by lower(during)`.execute(
    tx,
  );
  return rows;
}

/**
 * Ends a shift at an instant: a later one is retired, the one that runs is cut there. What lies before stays as it was recorded,
 * so nobody was ever on call in retrospect.
 */
export async function endShift(
  tx: Transaction,
  shift: LaidShift & { readonly id: bigint },
  at: Date,
  by: string,
): Promise<void> {
  await sql`update rota_shifts set retired_at = now() where id = ${shift.id}`.execute(tx);
  if (shift.start < at) await insertShift(tx, { ...shift, end: at }, by);
}

/** Inserts a shift. The database refuses one that overlaps another of its rota. */
export async function insertShift(tx: Transaction, shift: LaidShift, by: string): Promise<void> {
  await sql`
    insert into rota_shifts (rota, person, during, set_by, source)
    values (${shift.rota}, ${shift.person}, tstzrange(${shift.start}, ${shift.end}), ${by}, ${shift.source})`.execute(
    tx,
  );
}

/** One rota is set by one caller at a time; the others wait. */
export async function lockRota(tx: Transaction): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('interlock rota'))`.execute(tx);
}

/** The rotas that have, or ever had, a shift. */
export async function rotasInUse(db: Queries): Promise<RotaName[]> {
  const { rows } = await sql<{ rota: RotaName }>`
    select distinct rota from rota_shifts where retired_at is null order by rota`.execute(db);
  return rows.map((row) => row.rota);
}

/** Everybody who has or had a shift of a rota. */
export async function peopleOnRota(db: Queries, rota: RotaName): Promise<string[]> {
  const { rows } = await sql<{ person: string }>`
    /* prepared: people_on_rota */ select distinct person from rota_shifts where rota = ${rota}`.execute(db);
  return rows.map(({ person }) => person);
}
