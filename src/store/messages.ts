import { sql } from 'kysely';
import type { Queries, Transaction } from './database.ts';

/** One message of the built-in tracker or channel. */
export interface MessageRow {
  readonly id: bigint;
  readonly place: 'discussion' | 'channel';
  readonly change_id: string | null;
  readonly person: string;
  readonly body: string;
  readonly at: Date;
}

const columns = sql`id, place, change_id, person, body, at`;

/** Writes a message and gives its number. */
export async function insertMessage(
  tx: Transaction,
  message: Omit<MessageRow, 'id' | 'at'>,
): Promise<bigint> {
  const { rows } = await sql<{ id: bigint }>`
    insert into messages (place, change_id, person, body, at)
    values (${message.place}, ${message.change_id}, ${message.person}, ${message.body}, clock_timestamp())
    returning id`.execute(tx);
  const row = rows[0];
  if (!row) throw new Error('expected the number of the new message, got no row');
  return row.id;
}

/** One message. */
export async function findMessage(db: Queries, id: bigint): Promise<MessageRow | undefined> {
  return (await sql<MessageRow>`select ${columns} from messages where id = ${id}`.execute(db)).rows[0];
}

/** The discussion of a request, in its order. */
export async function discussionOf(db: Queries, changeId: string): Promise<MessageRow[]> {
  return (
    await sql<MessageRow>`
      select ${columns} from messages where place = 'discussion' and change_id = ${changeId} order by id`.execute(
      db,
    )
  ).rows;
}

/** Messages of the production channel, the newest first; those before one, where it is named. */
export async function channelMessages(
  db: Queries,
  { before, limit }: { readonly before: bigint | null; readonly limit: number },
): Promise<MessageRow[]> {
  return (
    await sql<MessageRow>`
      select ${columns} from messages where place = 'channel' and (${before}::bigint is null or id < ${before})
      order by id desc limit ${limit}`.execute(db)
  ).rows;
}
