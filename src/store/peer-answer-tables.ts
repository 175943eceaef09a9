import type { ColumnType, Generated } from 'kysely';

interface PeerAnswers {
  id: ColumnType<bigint, never, never>;
  connection: string;
  about: 'eoc' | 'imoc' | 'cmoc' | 'incidents';
  heard: boolean;
  because: string;
  /** The raw answers; written as JSON text, read parsed. */
  raw: ColumnType<unknown, string, never>;
  asked_at: ColumnType<Date, Date, never>;
  kept: Generated<boolean>;
}

/** The table of `0065-on-call.sql`. */
export interface PeerAnswerTables {
  peer_answers: PeerAnswers;
}
