import type { ColumnType, Generated } from 'kysely';

interface LentRights {
  link: string;
  scopes: string[];
  sealed: string | null;
  lent_at: ColumnType<Date, never, never>;
  until: Date | null;
  renewing_until: Date | null;
  broken_because: string | null;
}

/** Where a word counts that is written elsewhere. */
export type OwnPlace = 'issue' | 'chat';

interface OwnWords {
  id: string;
  change_id: string;
  person: string;
  kind: Generated<'person'>;
  place: OwnPlace;
  connection: string;
  link: string;
  digest: string;
  body: string;
  asked_at: ColumnType<Date, never, never>;
  settled_at: Date | null;
  counted: boolean | null;
  because: string | null;
  receipt: string | null;
}

export interface LentRightTables {
  lent_rights: LentRights;
  own_words: OwnWords;
}
