import { sql } from 'kysely';
import type { Queries, Transaction } from './database.ts';

/** The right to post that a person lent with the link of an account. */
export interface LentRow {
  readonly link: string;
  readonly scopes: readonly string[];
  readonly sealed: string | null;
  readonly lent_at: Date;
  readonly until: Date | null;
  readonly broken_because: string | null;
}

/** What a peer gave, sealed. */
export interface KeptRight {
  readonly scopes: readonly string[];
  readonly sealed: string;
  /** Epoch milliseconds; `null` where it does not end by itself. */
  readonly until: number | null;
}

const COLUMNS = sql`link, scopes, sealed, lent_at, until, broken_because`;

export async function insertLentRight(tx: Transaction, link: string, right: KeptRight): Promise<void> {
  await sql`
    insert into lent_rights (link, scopes, sealed, until)
    values (${link}, ${[...right.scopes]}, ${right.sealed}, ${instant(right.until)})`.execute(tx);
}

export async function lentRight(db: Queries, link: string): Promise<LentRow | undefined> {
  const { rows } = await sql<LentRow>`select ${COLUMNS} from lent_rights where link = ${link}`.execute(db);
  return rows[0];
}

export async function lentRightsOf(db: Queries, links: readonly string[]): Promise<LentRow[]> {
  const { rows } =
    await sql<LentRow>`select ${COLUMNS} from lent_rights where link = any(${[...links]})`.execute(db);
  return rows;
}

/** The links of a person whose right is lent still. */
export async function lentBy(
  tx: Transaction,
  person: string,
): Promise<readonly { link: string; connection: string }[]> {
  const { rows } = await sql<{ link: string; connection: string }>`
    select r.link, l.connection from lent_rights r join account_links l on l.id = r.link
    where l.person = ${person} and r.sealed is not null order by r.link`.execute(tx);
  return rows;
}

/** Has the right to renew it for some seconds; nobody else has it then. False where another has it. */
export async function beginRenewal(tx: Transaction, link: string, seconds: number): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update lent_rights set renewing_until = clock_timestamp() + ${seconds}::float8 * interval '1 second'
    where link = ${link} and sealed is not null and (renewing_until is null or renewing_until < clock_timestamp())`.execute(
    tx,
  );
  return numAffectedRows === 1n;
}

/** Keeps what the peer gave in place of the former. */
export async function keepRenewed(tx: Transaction, link: string, right: KeptRight): Promise<void> {
  await sql`
    update lent_rights set sealed = ${right.sealed}, until = ${instant(right.until)}, renewing_until = null
    where link = ${link} and sealed is not null`.execute(tx);
}

export async function endRenewal(tx: Transaction, link: string): Promise<void> {
  await sql`update lent_rights set renewing_until = null where link = ${link}`.execute(tx);
}

/** The peer takes it no more; false where that was known. */
export async function breakRight(tx: Transaction, link: string, because: string): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update lent_rights set broken_because = ${because} where link = ${link} and broken_because is null`.execute(
    tx,
  );
  return numAffectedRows === 1n;
}

/** Nothing of it is kept from now on. */
export async function forgetRight(tx: Transaction, link: string): Promise<void> {
  await sql`update lent_rights set sealed = null, until = null, renewing_until = null where link = ${link}`.execute(
    tx,
  );
}

const instant = (until: number | null) => (until === null ? null : new Date(until));
