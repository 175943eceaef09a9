import { sql } from 'kysely';
import type { Scope } from '../contract/people.ts';
import type { Queries, Transaction } from './database.ts';

export interface NewSession {
  readonly id: string;
  readonly person: string;
  /** The token it was made with, or `null` where it was a password. */
  readonly token: string | null;
  /** SHA-256 of the cookie's value. */
  readonly secretHash: Uint8Array;
  readonly scopes: readonly Scope[];
  readonly hours: number;
}

/** Inserts a session that lives for so many hours by the database's clock; answers its end. */
export async function insertSession(tx: Transaction, session: NewSession): Promise<Date> {
  const { rows } = await sql<{ expires_at: Date }>`
    insert into sessions (id, person, token, secret_hash, scopes, expires_at)
    values (${session.id}, ${session.person}, ${session.token}, ${session.secretHash},
      ${[...session.scopes]}::text[], now() + make_interval(hours => ${session.hours}))
    returning expires_at`.execute(tx);
  const row = rows[0];
  if (!row) throw new Error('expected the inserted session, got no row');
  return row.expires_at;
}

export async function endSession(tx: Transaction, id: string): Promise<void> {
  await sql`update sessions set ended_at = now() where id = ${id} and ended_at is null`.execute(tx);
}

/** Ends all sessions of a person; answers how many stood. */
export async function endSessionsOf(tx: Transaction, person: string): Promise<number> {
  const { rows } = await sql`
    update sessions set ended_at = now()
    where person = ${person} and ended_at is null and expires_at > now() returning id`.execute(tx);
  return rows.length;
}

/**
 * Counts one attempt to sign in under a key (an account, an address) and answers how many there were in the window,
 * this one included. In a statement of its own, so that attempts at the same moment count one by one.
 */
export async function countAttempt(db: Queries, key: string, windowSeconds: number): Promise<number> {
  const { rows } = await sql<{ attempts: number }>`
    insert into sign_in_attempts as a (key, window_start, attempts) values (${key}, now(), 1)
    on conflict (key) do update set
      attempts = case when a.window_start < now() - make_interval(secs => ${windowSeconds}) then 1
        else a.attempts + 1 end,
      window_start = case when a.window_start < now() - make_interval(secs => ${windowSeconds}) then now()
        else a.window_start end
    returning attempts`.execute(db);
  return rows[0]?.attempts ?? Number.POSITIVE_INFINITY;
}

/** A right password clears the account's count. */
export async function clearAttempts(db: Queries, key: string): Promise<void> {
  await db.deleteFrom('sign_in_attempts').where('key', '=', key).execute();
}

/** Forgets counts whose window is long over. */
export async function forgetAttempts(db: Queries): Promise<void> {
  await sql`delete from sign_in_attempts where window_start < now() - interval '1 day'`.execute(db);
}
