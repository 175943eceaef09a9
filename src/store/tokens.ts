import { sql } from 'kysely';
import type { Scope } from '../contract/people.ts';
import type { Queries, Transaction } from './database.ts';

/** A token without what proves it. */
export interface TokenRow {
  readonly id: string;
  readonly person: string;
  readonly label: string;
  readonly scopes: Scope[];
  readonly created_at: Date;
  readonly created_by: string;
  readonly expires_at: Date;
  readonly revoked_at: Date | null;
  readonly last_used_at: Date | null;
}

const columns = sql<TokenRow>`
  id, person, label, scopes, created_at, created_by, expires_at, revoked_at, last_used_at`;

export interface NewToken {
  readonly id: string;
  readonly person: string;
  readonly label: string;
  /** SHA-256 of the token. */
  readonly secretHash: Uint8Array;
  readonly scopes: readonly Scope[];
  readonly days: number;
  readonly by: string;
}

/** Inserts a token that lives for so many days from now, by the database's clock. */
export async function insertToken(tx: Transaction, token: NewToken): Promise<TokenRow> {
  const { rows } = await sql<TokenRow>`
    insert into tokens (id, person, label, secret_hash, scopes, created_by, expires_at)
    values (${token.id}, ${token.person}, ${token.label}, ${token.secretHash}, ${[...token.scopes]}::text[],
      ${token.by}, now() + make_interval(days => ${token.days}))
    returning ${columns}`.execute(tx);
  const row = rows[0];
  if (!row) throw new Error('expected the inserted token, got no row');
  return row;
}

export async function tokensOf(db: Queries, person: string): Promise<TokenRow[]> {
  return (
    await sql<TokenRow>`select ${columns} from tokens where person = ${person} order by created_at, id`.execute(
      db,
    )
  ).rows;
}

export async function findToken(db: Queries, id: string): Promise<TokenRow | undefined> {
  return (await sql<TokenRow>`select ${columns} from tokens where id = ${id}`.execute(db)).rows[0];
}

/** Revokes a token; false where it was revoked already. Sessions made with it end with it. */
export async function revokeToken(tx: Transaction, id: string): Promise<boolean> {
  const { rows } = await sql`
    update tokens set revoked_at = now() where id = ${id} and revoked_at is null returning id`.execute(tx);
  return rows.length > 0;
}

/** Notes that tokens were used just now. Book-keeping, not a change of state: it has no ledger entry. */
export async function noteTokenUse(db: Queries, ids: readonly string[]): Promise<void> {
  await sql`update tokens set last_used_at = now() where id = any(${ids}::text[])`.execute(db);
}

/** Revokes all tokens of an account. */
export async function revokeTokensOf(tx: Transaction, person: string): Promise<void> {
  await sql`update tokens set revoked_at = now() where person = ${person} and revoked_at is null`.execute(tx);
}
