import { sql } from 'kysely';
import type { RotaName } from '../contract/people.ts';
import type { Queries, Transaction } from './database.ts';
import type { LaidShift } from './rota.ts';

/** The plan of a rota, or what covers a part of it. */
export type RotaLayer = 'plan' | 'cover';

/** What one layer says of a stretch of time. */
export interface EntryRow extends LaidShift {
  readonly id: bigint;
  readonly layer: RotaLayer;
  readonly set_at: Date;
  readonly set_by: string;
}

const columns = sql`id, rota, layer, person, source, lower(during) as start, upper(during) as "end", set_at, set_by`;

/** What the layers say of a rota, or of every one, from an instant on. */
export async function entriesFrom(
  db: Queries,
  from: Date,
  { rota, layer }: { readonly rota?: RotaName; readonly layer?: RotaLayer } = {},
): Promise<EntryRow[]> {
  const { rows } = await sql<EntryRow>`
    select ${columns} from rota_entries
    where retired_at is null and upper(during) > ${from}
      and (${rota ?? null}::text is null or rota = ${rota ?? null})
      and (${layer ?? null}::text is null or layer = ${layer ?? null})
    order by rota, lower(during)`.execute(db);
  return rows;
}

/** One entry that is in force. */
export async function findEntry(db: Queries, id: bigint): Promise<EntryRow | undefined> {
  return (
    await sql<EntryRow>`select ${columns} from rota_entries where id = ${id} and retired_at is null`.execute(
      db,
    )
  ).rows[0];
}

export async function insertEntry(
  tx: Transaction,
  layer: RotaLayer,
  shift: LaidShift,
  by: string,
): Promise<bigint> {
  const { rows } = await sql<{ id: bigint }>`
    insert into rota_entries (rota, layer, person, during, source, set_by)
    values (${shift.rota}, ${layer}, ${shift.person}, tstzrange(${shift.start}, ${shift.end}), ${shift.source}, ${by})
    returning id`.execute(tx);
  const row = rows[0];
  if (!row) throw new Error('expected the number of the new entry, got no row');
  return row.id;
}

export async function retireEntry(tx: Transaction, id: bigint, by: string): Promise<void> {
  await sql`update rota_entries set retired_at = now(), retired_by = ${by} where id = ${id}`.execute(tx);
}

/** Retires the plan of a rota from an instant on. */
export async function retirePlan(tx: Transaction, rota: RotaName, from: Date, by: string): Promise<void> {
  await sql`
    update rota_entries set retired_at = now(), retired_by = ${by}
    where rota = ${rota} and layer = 'plan' and retired_at is null and upper(during) > ${from}`.execute(tx);
}

/** Retires what a calendar says of a rota from an instant on; a plan that was set by hand stays. */
export async function retireImported(tx: Transaction, rota: RotaName, from: Date, by: string): Promise<void> {
  await sql`
    update rota_entries set retired_at = now(), retired_by = ${by}
    where rota = ${rota} and source is not null and retired_at is null and upper(during) > ${from}`.execute(
    tx,
  );
}

/** Retires whatever names a person from an instant on; gives the rotas that named them. */
export async function retireEntriesOf(
  tx: Transaction,
  person: string,
  from: Date,
  by: string,
): Promise<RotaName[]> {
  const { rows } = await sql<{ rota: RotaName }>`
    update rota_entries set retired_at = now(), retired_by = ${by}
    where person = ${person} and retired_at is null and upper(during) > ${from}
    returning rota`.execute(tx);
  return [...new Set(rows.map(({ rota }) => rota))].toSorted();
}

/** What moves with everything that is written of any rota: entries are added and retired, never taken away. */
export async function rotaVersion(db: Queries): Promise<string> {
  const { rows } = await sql<{ version: string }>`
    select coalesce(max(id), 0) || '.' || count(retired_at) as version from rota_entries`.execute(db);
  return rows[0]?.version ?? '0.0';
}
