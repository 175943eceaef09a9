import type { ColumnType } from 'kysely';
import type { MediaType } from '../contract/attachments.ts';

/** A column that nobody may change. */
type Fixed<T> = ColumnType<T, T, never>;

interface Attachments {
  change_id: Fixed<string>;
  number: Fixed<number>;
  name: Fixed<string>;
  media_type: Fixed<MediaType>;
  bytes: Fixed<Buffer>;
  digest: Fixed<string>;
  by: Fixed<string>;
  at: ColumnType<Date, never, never>;
}

/** The tables of `migrations/0032-attachments.sql`. */
export interface AttachmentTables {
  attachments: Attachments;
}
