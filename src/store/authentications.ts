import { sql } from 'kysely';
import type { Queries, Transaction } from './database.ts';

/** How somebody proved to be who they are. */
export type Method = 'password' | 'oidc';

/** Notes that the person behind a token or session proved to be who they are; without an instant: just now. */
export async function noteAuthentication(
  tx: Transaction,
  proof: {
    readonly person: string;
    readonly credential: string;
    readonly method: Method;
    readonly at?: Date;
  },
): Promise<void> {
  await sql`
    insert into authentications (person, credential, method, at)
    values (${proof.person}, ${proof.credential}, ${proof.method}, least(${proof.at ?? null}::timestamptz, now()))`.execute(
    tx,
  );
}

/** When, by the database's clock, a person last proved it for this credential, and how long ago that is. */
export async function lastAuthentication(
  db: Queries,
  person: string,
  credential: string,
): Promise<{ readonly at: Date; readonly method: Method; readonly ageSeconds: number } | undefined> {
  const { rows } = await sql<{ at: Date; method: Method; age: number }>`
    select at, method, extract(epoch from now() - at)::float8 as age from authentications
    where credential = ${credential} and person = ${person} order by at desc limit 1`.execute(db);
  const row = rows[0];
  return row && { at: row.at, method: row.method, ageSeconds: row.age };
}
