import { sql } from 'kysely';
import type { Queries, Transaction } from './database.ts';

/** What was answered to a request that bore a key. */
export interface IdempotentAnswer {
  readonly route: string;
  /** `null` where the request or its answer holds a secret; then neither is kept. */
  readonly request_digest: string | null;
  readonly answer: unknown;
  /** The entry of the ledger that records what was done. */
  readonly ledger_index: bigint;
}

/** Requests that bear the same key come one after the other: held until the transaction ends. */
export async function holdKey(tx: Transaction, person: string, key: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`${person} ${key}`}, 41))`.execute(tx);
}

/** The answer to a person's earlier request of this key. */
export async function findAnswer(
  db: Queries,
  person: string,
  key: string,
): Promise<IdempotentAnswer | undefined> {
  return (
    await sql<IdempotentAnswer>`
      /* prepared: answer_find */ select route, request_digest, answer, ledger_index from idempotent_answers
      where person = ${person} and key = ${key}`.execute(db)
  ).rows[0];
}

/** Keeps an answer. */
export async function insertAnswer(
  tx: Transaction,
  person: string,
  key: string,
  { route, request_digest, answer, ledger_index }: IdempotentAnswer,
): Promise<void> {
  // A value that is nothing at all is `null` in JSON, which is something.
  const kept = request_digest === null ? null : JSON.stringify(answer ?? null);
  await sql`
    /* prepared: answer_insert */ insert into idempotent_answers (person, key, route, request_digest, answer, ledger_index)
    values (${person}, ${key}, ${route}, ${request_digest}, ${kept}, ${ledger_index})`.execute(tx);
}

/** Lets answers go that are older than so many days. Gives how many. */
export async function forgetAnswers(db: Queries, days: number): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from idempotent_answers where at < now() - make_interval(days => ${days})`.execute(db);
  return Number(numAffectedRows ?? 0);
}
