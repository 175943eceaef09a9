import { sql } from 'kysely';
import type { RotaName } from '../contract/people.ts';
import type { Queries, Transaction } from './database.ts';

/** One person on call, from `start` until just before `end`. */
export interface ShiftRow {
  readonly rota: RotaName;
  readonly person: string;
  readonly start: Date;
  readonly end: Date;
}

const columns = sql<ShiftRow>`rota, person, lower(during) as start, upper(during) as "end"`;

/** The shifts in force that touch `[from, to)`, by rota and start. */
export async function shiftsBetween(db: Queries, from: Date, to: Date): Promise<ShiftRow[]> {
  const { rows } = await sql<ShiftRow>`
    select ${columns} from rota_shifts
    where retired_at is null and during && tstzrange(${from}, ${to})
    order by rota, lower(during)`.execute(db);
  return rows;
}

/** Who is on duty in each rota at the database's now. */
export async function onDutyNow(db: Queries): Promise<Partial<Record<RotaName, string>>> {
  const { rows } = await sql<{ rota: RotaName; person: string }>`
    select rota, person from rota_shifts where retired_at is null and during @> now()`.execute(db);
  return Object.fromEntries(rows.map((row) => [row.rota, row.person]));
}

/** The database's now, the same throughout the transaction. */
export async function transactionInstant(tx: Transaction): Promise<Date> {
  const { rows } = await sql<{ now: Date }>`select date_trunc('milliseconds', now()) as now`.execute(tx);
  const row = rows[0];
  if (!row) throw new Error('expected the time of the database, got no row');
  return row.now;
}

/**
 * Clears a rota from an instant on: later shifts are retired, the one that runs is cut there. What lies before stays as it
 * was recorded, so nobody was ever on call in retrospect.
 */
export async function clearRotaFrom(tx: Transaction, rota: RotaName, from: Date, by: string): Promise<void> {
  const { rows } = await sql<ShiftRow>`
    update rota_shifts set retired_at = now()
    where rota = ${rota} and retired_at is null and upper(during) > ${from}
    returning ${columns}`.execute(tx);
  await keepWhatWas(tx, rows, from, by);
}

/** Takes a person off every rota from an instant on; see `clearRotaFrom`. */
export async function clearShiftsOf(tx: Transaction, person: string, from: Date, by: string): Promise<void> {
  const { rows } = await sql<ShiftRow>`
    update rota_shifts set retired_at = now()
    where person = ${person} and retired_at is null and upper(during) > ${from}
    returning ${columns}`.execute(tx);
  await keepWhatWas(tx, rows, from, by);
}

async function keepWhatWas(
  tx: Transaction,
  retired: readonly ShiftRow[],
  from: Date,
  by: string,
): Promise<void> {
  for (const shift of retired) {
    if (shift.start < from) await insertShift(tx, { ...shift, end: from }, by);
  }
}

/** Inserts a shift. The database refuses one that overlaps another of its rota. */
export async function insertShift(tx: Transaction, shift: ShiftRow, by: string): Promise<void> {
  await sql`
    insert into rota_shifts (rota, person, during, set_by)
    values (${shift.rota}, ${shift.person}, tstzrange(${shift.start}, ${shift.end}), ${by})`.execute(tx);
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

/** Who is on duty in each rota at an instant. */
export async function onDutyAt(db: Queries, at: Date): Promise<Partial<Record<RotaName, string>>> {
  const { rows } = await sql<{ rota: RotaName; person: string }>`
    select rota, person from rota_shifts where retired_at is null and during @> ${at}::timestamptz`.execute(
    db,
  );
  return Object.fromEntries(rows.map((row) => [row.rota, row.person]));
}
