import { sql } from 'kysely';
import type { Plan } from '../contract/plan.ts';
import type { Queries, Transaction } from './database.ts';

/** One word to one audience. */
export interface ChangeUpdateRow {
  readonly id: bigint;
  readonly audience: Plan['communication'][number]['audience'];
  readonly body: string;
  readonly by: string;
  readonly at: Date;
}

/** Keeps what an audience was told. */
export async function insertUpdate(
  tx: Transaction,
  changeId: string,
  { audience, body, by }: Omit<ChangeUpdateRow, 'id' | 'at'>,
): Promise<void> {
  await sql`
    insert into change_updates (change_id, audience, body, by)
    values (${changeId}, ${audience}, ${body}, ${by})`.execute(tx);
}

/** Everything that the audiences of a change were told, in its order. */
export async function updatesOf(db: Queries, changeId: string): Promise<ChangeUpdateRow[]> {
  return (
    await sql<ChangeUpdateRow>`
      /* prepared: updates_of */ select id, audience, body, by, at from change_updates
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
