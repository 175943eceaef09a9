import type { ColumnType, Generated } from 'kysely';

/** What ended a link, or the asking for one. */
export type LinkEnd = 'revoked' | 'replaced' | 'claimed twice' | 'refused';

interface AccountLinks {
  id: string;
  person: string;
  kind: Generated<'person'>;
  connection: string;
  code_hash: Uint8Array;
  asked_at: ColumnType<Date, never, never>;
  code_until: Date;
  asked_with: string | null;
  external_user: string | null;
  shown_as: string | null;
  claimed_at: Date | null;
  confirmed_at: Date | null;
  ended_at: Date | null;
  ended_by: string | null;
  ended_because: LinkEnd | null;
}

export interface AccountLinkTables {
  account_links: AccountLinks;
}
