import { sql } from 'kysely';
import type { Plan } from '../contract/plan.ts';
import type { Queries, Transaction } from './database.ts';

/** One word to one audience. */
export interface ChangeUpdateRow {
  readonly id: bigint;
  readonly audience: Plan['communication'][number]['audience'];
  readonly body: string;
  /** `null`: the server itself. */
  readonly by: string | null;
  readonly at: Date;
  readonly what: 'word' | 'ahead' | 'start' | 'end' | 'off';
  /** What a word of the server is told for, once an audience; `null` for what people say. */
  readonly occasion: string | null;
  /** The maintenance that is told ahead. */
  readonly slot_start: Date | null;
  readonly slot_end: Date | null;
}

export type NewUpdate = Omit<ChangeUpdateRow, 'id' | 'at'>;

const columns = sql`id, audience, body, by, at, what, occasion, lower(slot) as slot_start, upper(slot) as slot_end`;

/** Keeps what an audience was told; `null` where it was told on this occasion before. */
export async function insertUpdate(
  tx: Transaction,
  changeId: string,
  { audience, body, by, what, occasion, slot_start, slot_end }: NewUpdate,
): Promise<bigint | null> {
  const slot = slot_start && slot_end ? sql`tstzrange(${slot_start}, ${slot_end})` : sql`null`;
  const { rows } = await sql<{ id: bigint }>`
    insert into change_updates (change_id, audience, body, by, what, occasion, slot)
    values (${changeId}, ${audience}, ${body}, ${by}, ${what}, ${occasion}, ${slot})
    on conflict (change_id, audience, occasion) do nothing returning id`.execute(tx);
  return rows[0]?.id ?? null;
}

/** Everything that the audiences of a change were told, in its order. */
export async function updatesOf(db: Queries, changeId: string): Promise<ChangeUpdateRow[]> {
  return (
    await sql<ChangeUpdateRow>`
      /* prepared: updates_of */ select ${columns} from change_updates
      where change_id = ${changeId} order by id`.execute(db)
  ).rows;
}

/** The changes whose run is live, or ended within a day: those whose audiences may wait for something. */
export async function changesToldOf(db: Queries): Promise<string[]> {
  const { rows } = await sql<{ change_id: string }>`
    select distinct change_id from runs where ended_at is null or ended_at > now() - interval '1 day'
    order by change_id`.execute(db);
  return rows.map(({ change_id }) => change_id);
}

/** The changes that lie ahead within a time, and those of which something was told ahead that may not happen. */
export async function changesAhead(db: Queries, withinMs: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from changes where state = 'scheduled' and slot_accepted
      and lower(slot) between now() and now() + ${withinMs}::float8 * interval '1 millisecond'
    union
    select distinct told.change_id from change_updates told join changes on changes.id = told.change_id
    where told.what = 'ahead' and lower(told.slot) > now() - interval '1 day'
      and state not in ('in-progress', 'complete', 'aborted')
    order by id`.execute(db);
  return rows.map(({ id }) => id);
}

/** What the public was told since an instant, the newest first, with the request that it is about. */
export async function publicWords(
  db: Queries,
  since: Date,
  limit: number,
): Promise<(ChangeUpdateRow & { readonly change_id: string; readonly environment: string })[]> {
  return (
    await sql<ChangeUpdateRow & { readonly change_id: string; readonly environment: string }>`
      select change_id, environment, told.* from (select change_id, ${columns} from change_updates
        where audience = 'end-users' and at >= ${since} order by id desc limit ${limit}) told
      join changes on changes.id = told.change_id order by told.id desc`.execute(db)
  ).rows;
}
