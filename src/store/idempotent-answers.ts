import { sql } from 'kysely';
import type { Queries, Transaction } from './database.ts';
import { textArray } from './text-array.ts';

/** A key is its caller's own: the same letters of another person are another key. */
export interface OwnKey {
  readonly person: string;
  readonly key: string;
}

/** What was answered to a request that bore a key. */
export interface IdempotentAnswer {
  readonly route: string;
  /** `null` where the request or its answer holds a secret; then neither is kept. */
  readonly request_digest: string | null;
  readonly answer: unknown;
  /** The entry of the ledger that records what was done. */
  readonly ledger_index: bigint;
}

/** Which advisory locks are those of keys. */
const LOCKS = 41;

/** Requests that bear the same key come one after the other: held until the transaction ends. */
export async function holdKey(tx: Transaction, { person, key }: OwnKey): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`${person} ${key}`}, ${LOCKS}))`.execute(tx);
}

/** Holds the keys, in their order, that no other transaction holds, and waits for none; whether each is held. */
export async function holdFreeKeys(tx: Transaction, keys: readonly OwnKey[]): Promise<boolean[]> {
  const names = textArray(keys.map(({ person, key }) => `${person} ${key}`));
  const { rows } = await sql<{ held: boolean }>`
    /* prepared: keys_hold_free */ select pg_try_advisory_xact_lock(hashtextextended(name, ${LOCKS})) as held
    from unnest(${names}::text[]) with ordinality as given (name, place) order by place`.execute(tx);
  return rows.map(({ held }) => held);
}

/** The answer to a person's earlier request of this key. */
export async function findAnswer(
  db: Queries,
  { person, key }: OwnKey,
): Promise<IdempotentAnswer | undefined> {
  return (
    await sql<IdempotentAnswer>`
      /* prepared: answer_find */ select route, request_digest, answer, ledger_index from idempotent_answers
      where person = ${person} and key = ${key}`.execute(db)
  ).rows[0];
}

/** Whether each of the keys, in their order, was answered before. */
export async function areAnswered(db: Queries, keys: readonly OwnKey[]): Promise<boolean[]> {
  const { rows } = await sql<{ answered: boolean }>`
    /* prepared: answers_known */ select exists (
        select from idempotent_answers known where known.person = given.person and known.key = given.key
      ) as answered
    from unnest(${textArray(keys.map(({ person }) => person))}::text[], ${textArray(keys.map(({ key }) => key))}::text[])
      with ordinality as given (person, key, place)
    order by place`.execute(db);
  return rows.map(({ answered }) => answered);
}

/** Keeps answers, each under its key. */
export async function insertAnswers(
  tx: Transaction,
  answers: readonly (OwnKey & IdempotentAnswer)[],
): Promise<void> {
  const texts = (of: (answer: OwnKey & IdempotentAnswer) => string) => textArray(answers.map(of));
  // A value that is nothing at all is `null` in JSON, which is something. What is sealed is no text: there is none of it.
  const kept = ({ request_digest, answer }: IdempotentAnswer) =>
    request_digest === null ? '' : JSON.stringify(answer ?? null);
  await sql`
    /* prepared: answers_insert */ insert into idempotent_answers (person, key, route, request_digest, answer, ledger_index)
    select person, key, route, nullif(digest, ''), nullif(answer, '')::jsonb, index::bigint
    from unnest(${texts(({ person }) => person)}::text[], ${texts(({ key }) => key)}::text[],
      ${texts(({ route }) => route)}::text[], ${texts(({ request_digest }) => request_digest ?? '')}::text[],
      ${texts(kept)}::text[], ${texts(({ ledger_index }) => ledger_index.toString())}::text[])
      as given (person, key, route, digest, answer, index)`.execute(tx);
}

/** Lets answers go that are older than so many days. Gives how many. */
export async function forgetAnswers(db: Queries, days: number): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from idempotent_answers where at < now() - make_interval(days => ${days})`.execute(db);
  return Number(numAffectedRows ?? 0);
}
