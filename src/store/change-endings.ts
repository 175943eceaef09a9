import { sql } from 'kysely';
import type { Queries, Transaction } from './database.ts';

/** Why a request ended before it began. */
export interface ChangeEnding {
  readonly state: 'cancelled' | 'rejected';
  readonly reason: string;
  readonly by: string;
  readonly at: Date;
}

/** Keeps why a request ends; it ends once. */
export async function insertEnding(
  tx: Transaction,
  changeId: string,
  { state, reason, by }: Omit<ChangeEnding, 'at'>,
): Promise<void> {
  await sql`
    insert into change_endings (change_id, state, reason, by) values (${changeId}, ${state}, ${reason}, ${by})`.execute(
    tx,
  );
}

/** Why a request ended before it began; `undefined` where it did not, or where nobody had to say. */
export async function endingOf(db: Queries, changeId: string): Promise<ChangeEnding | undefined> {
  const { rows } = await sql<ChangeEnding>`
    select state, reason, by, at from change_endings where change_id = ${changeId}`.execute(db);
  return rows[0];
}
