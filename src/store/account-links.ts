import { sql } from 'kysely';
import type { LinkEnd } from './account-link-tables.ts';
import type { Queries, Transaction } from './database.ts';

/** A link, or the asking for one. */
export interface LinkRow {
  readonly id: string;
  readonly person: string;
  readonly connection: string;
  readonly asked_at: Date;
  readonly code_until: Date;
  readonly external_user: string | null;
  readonly shown_as: string | null;
  readonly claimed_at: Date | null;
  readonly confirmed_at: Date | null;
  readonly ended_at: Date | null;
  readonly ended_because: LinkEnd | null;
}

const COLUMNS = sql`id, person, connection, asked_at, code_until, external_user, shown_as, claimed_at, confirmed_at, ended_at, ended_because`;

/** Begins a link: whoever posts the code within the minutes says that the account is this person's. */
export async function insertLink(
  tx: Transaction,
  link: Pick<LinkRow, 'id' | 'person' | 'connection'> & {
    readonly codeHash: Uint8Array;
    readonly minutes: number;
    /** The credential that alone ends it, where it goes by the peer's own page. */
    readonly askedWith?: string;
  },
): Promise<LinkRow> {
  const { rows } = await sql<LinkRow>`
    insert into account_links (id, person, connection, code_hash, code_until, asked_with)
    values (${link.id}, ${link.person}, ${link.connection}, ${Buffer.from(link.codeHash)}, now() + ${link.minutes}::int * interval '1 minute', ${link.askedWith ?? null})
    returning ${COLUMNS}`.execute(tx);
  const [row] = rows;
  if (!row) throw new Error('expected the link that was just begun, got none');
  return row;
}

/** The link that a code belongs to, held; it may be claimed, ended or too late. */
export async function linkOfCode(
  tx: Transaction,
  connection: string,
  codeHash: Uint8Array,
): Promise<(LinkRow & { readonly late: boolean; readonly asked_with: string | null }) | undefined> {
  const { rows } = await sql<LinkRow & { late: boolean; asked_with: string | null }>`
    select ${COLUMNS}, asked_with, code_until <= now() as late from account_links
    where connection = ${connection} and code_hash = ${Buffer.from(codeHash)} for update`.execute(tx);
  return rows[0];
}

export async function lockLink(tx: Transaction, id: string): Promise<LinkRow | undefined> {
  const { rows } =
    await sql<LinkRow>`select ${COLUMNS} from account_links where id = ${id} for update`.execute(tx);
  return rows[0];
}

export async function claimLinkRow(
  tx: Transaction,
  id: string,
  { externalUser, shownAs }: { readonly externalUser: string; readonly shownAs: string },
): Promise<void> {
  await sql`
    update account_links set external_user = ${externalUser}, shown_as = ${shownAs}, claimed_at = now() where id = ${id}`.execute(
    tx,
  );
}

export async function confirmLinkRow(tx: Transaction, id: string): Promise<void> {
  await sql`update account_links set confirmed_at = now() where id = ${id}`.execute(tx);
}

export async function endLinkRow(
  tx: Transaction,
  id: string,
  { by, because }: { readonly by: string; readonly because: LinkEnd },
): Promise<void> {
  await sql`
    update account_links set ended_at = now(), ended_by = ${by}, ended_because = ${because}
    where id = ${id} and ended_at is null`.execute(tx);
}

/** The link in force of an account elsewhere. */
export async function linkInForce(
  db: Queries,
  connection: string,
  externalUser: string,
): Promise<LinkRow | undefined> {
  const { rows } = await sql<LinkRow>`
    select ${COLUMNS} from account_links
    where connection = ${connection} and external_user = ${externalUser} and confirmed_at is not null and ended_at is null`.execute(
    db,
  );
  return rows[0];
}

/** The link in force of a person at a peer. */
export async function linkOfPerson(
  db: Queries,
  connection: string,
  person: string,
): Promise<LinkRow | undefined> {
  const { rows } = await sql<LinkRow>`
    select ${COLUMNS} from account_links
    where connection = ${connection} and person = ${person} and confirmed_at is not null and ended_at is null`.execute(
    db,
  );
  return rows[0];
}

/** Links and what was asked for, the newest first; of one person, or of all. */
export async function linksOf(db: Queries, person: string | null): Promise<LinkRow[]> {
  const { rows } = await sql<LinkRow>`
    select ${COLUMNS} from account_links where ${person}::text is null or person = ${person}
    order by asked_at desc limit 500`.execute(db);
  return rows;
}

/** The peer's own id of a link's account; `null` where none was claimed. */
export async function accountOf(db: Queries, link: string): Promise<string | null> {
  const { rows } = await sql<{ external_user: string | null }>`
    select external_user from account_links where id = ${link}`.execute(db);
  return rows[0]?.external_user ?? null;
}
