import { sql, type RawBuilder } from 'kysely';
import type { Queries } from './database.ts';
import type { StoredEntry } from './ledger.ts';

/** What a list of entries is narrowed by; absent means any. */
export interface EntryFilter {
  /** As `kind/id`. */
  readonly object?: string | undefined;
  /** A request, with its runs, vetoes and tasks. */
  readonly change?: string | undefined;
  readonly type?: string | undefined;
  readonly person?: string | undefined;
  readonly outcome?: 'allow' | 'deny' | 'error' | undefined;
  /** Epoch milliseconds, half open, in the order of the log. */
  readonly since?: number | undefined;
  readonly until?: number | undefined;
  /** Where the page begins. */
  readonly from?: bigint | undefined;
  readonly order: 'oldest' | 'newest';
  readonly limit: number;
}

/** A page of entries, in their order or from the newest back. */
export async function listEntries(db: Queries, filter: EntryFilter): Promise<StoredEntry[]> {
  const conditions = sql.join(await conditionsOf(db, filter), sql` and `);
  const order = filter.order === 'newest' ? sql`index desc` : sql`index`;
  const { change, limit } = filter;
  const page = sql`order by ${order} limit ${limit}`;
  // Found in the indexes alone, which hold all that is asked about; then only the page itself is read.
  const found =
    change === undefined
      ? sql`select index from ledger_entries where ${conditions} ${page}`
      : sql`
        select index from (${objectsOf(change)}) as objects, lateral (
          select index from ledger_entries where ledger_entries.object = objects.object and ${conditions} ${page}
        ) as of_object ${page}`;
  const { rows } = await sql<StoredEntry>`
    with found as materialized (${found})
    select index, entry from found join ledger_entries using (index) order by ${order}`.execute(db);
  return rows;
}

/** The types of entries there are, by name: found by going from one to the next, however many entries each has. */
export async function entryTypes(db: Queries): Promise<string[]> {
  const { rows } = await sql<{ type: string }>`
    with recursive types (type) as (
      (select type from ledger_entries order by type limit 1)
      union all
      select (select min(e.type) from ledger_entries e where e.type > types.type) from types where types.type is not null
    )
    select type from types where type is not null`.execute(db);
  return rows.map(({ type }) => type);
}

/** A request and what belongs to it, as the ledger names them. */
function objectsOf(change: string): RawBuilder<unknown> {
  return sql`
    select 'change/' || ${change}::text as object
    union all select 'run/' || id from runs where change_id = ${change}
    union all select 'veto/' || id from vetoes where change_id = ${change}
    union all select 'task/' || id from tasks where change_id = ${change}`;
}

async function conditionsOf(db: Queries, filter: EntryFilter): Promise<RawBuilder<unknown>[]> {
  const { object, type, person, outcome, since, until, from, order } = filter;
  const conditions: RawBuilder<unknown>[] = [sql`true`];
  if (object !== undefined) conditions.push(sql`object = ${object}`);
  if (type !== undefined) conditions.push(sql`type = ${type}`);
  if (person !== undefined) conditions.push(sql`subject = ${person}`);
  if (outcome !== undefined) conditions.push(sql`outcome = ${outcome}`);
  if (since !== undefined) conditions.push(sql`index >= ${await firstAt(db, since)}`);
  if (until !== undefined) conditions.push(sql`index < ${await firstAt(db, until)}`);
  if (from !== undefined) conditions.push(order === 'newest' ? sql`index <= ${from}` : sql`index >= ${from}`);
  return conditions;
}

/**
 * The index of the first entry at or after an instant, found by halving: entries stand in the order of their times. The size of
 * the log where there is none.
 */
async function firstAt(db: Queries, at: number): Promise<bigint> {
  // As an entry writes it, with microseconds.
  const text = new Date(at).toISOString().replace('Z', '000Z');
  const { rows } = await sql<{ low: bigint }>`
    with recursive halves (low, high) as (
      select 0::bigint, size from ledger_head
      union all
      select case when earlier then middle + 1 else low end, case when earlier then high else middle end
      from (select low, high, (low + high) / 2 as middle from halves where low < high) as open,
        lateral (
          select ((entry::jsonb) ->> 'time') collate "C" < ${text} as earlier
          from ledger_entries where index = middle
        ) as looked
    )
    select low from halves order by high - low limit 1`.execute(db);
  return rows[0]?.low ?? 0n;
}
