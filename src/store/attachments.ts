import { sql } from 'kysely';
import type { MediaType } from '../contract/attachments.ts';
import type { Queries, Transaction } from './database.ts';

/** One attachment of a request, without its bytes. */
export interface AttachmentRow {
  readonly number: number;
  readonly name: string;
  readonly media_type: MediaType;
  readonly size: number;
  readonly digest: string;
  readonly by: string;
  readonly at: Date;
}

export interface NewAttachment extends Pick<
  AttachmentRow,
  'number' | 'name' | 'media_type' | 'digest' | 'by'
> {
  readonly change_id: string;
  readonly bytes: Uint8Array;
}

const columns = sql`number, name, media_type, octet_length(bytes) as size, digest, by, at`;

/** Keeps an attachment and gives its row. */
export async function insertAttachment(tx: Transaction, one: NewAttachment): Promise<AttachmentRow> {
  const { rows } = await sql<AttachmentRow>`
    insert into attachments (change_id, number, name, media_type, bytes, digest, by)
    values (${one.change_id}, ${one.number}, ${one.name}, ${one.media_type}, ${Buffer.from(one.bytes)}, ${one.digest}, ${one.by})
    returning ${columns}`.execute(tx);
  const row = rows[0];
  if (!row) throw new Error('expected the row of the new attachment, got none');
  return row;
}

/** The attachments of a request, in their order. */
export async function attachmentsOf(db: Queries, changeId: string): Promise<AttachmentRow[]> {
  return (
    await sql<AttachmentRow>`
      select ${columns} from attachments where change_id = ${changeId} order by number`.execute(db)
  ).rows;
}

/** One attachment of one request, with its bytes. */
export async function findAttachment(
  db: Queries,
  changeId: string,
  number: number,
): Promise<(AttachmentRow & { readonly bytes: Buffer }) | undefined> {
  return (
    await sql<AttachmentRow & { readonly bytes: Buffer }>`
      select ${columns}, bytes from attachments where change_id = ${changeId} and number = ${number}`.execute(
      db,
    )
  ).rows[0];
}
