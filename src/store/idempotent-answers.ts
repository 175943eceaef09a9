import { sql } from 'kysely';
import type { Queries, Transaction } from './database.ts';

/** What was answered to a request that bore a key. */
export interface IdempotentAnswer {
  readonly route: string;
  readonly request_digest: string;
  readonly answer: unknown;
}

/** The answer to a person's earlier request of this key. */
export async function findAnswer(
  db: Queries,
  person: string,
  key: string,
): Promise<IdempotentAnswer | undefined> {
  return (
    await sql<IdempotentAnswer>`
      /* prepared: answer_find */ select route, request_digest, answer from idempotent_answers
      where person = ${person} and key = ${key}`.execute(db)
  ).rows[0];
}

/** Keeps an answer. Violates `idempotent_answers_pkey` where another request of this key was quicker. */
export async function insertAnswer(
  tx: Transaction,
  person: string,
  key: string,
  { route, request_digest, answer }: IdempotentAnswer,
): Promise<void> {
  await sql`
    /* prepared: answer_insert */ insert into idempotent_answers (person, key, route, request_digest, answer)
    values (${person}, ${key}, ${route}, ${request_digest}, ${JSON.stringify(answer)})`.execute(tx);
}
