import { KEPT_DAYS } from '../contract/idempotency.ts';
import type { Transaction } from '../store/database.ts';
import { findAnswer, forgetAnswers, holdKey, insertAnswer } from '../store/idempotent-answers.ts';
import type { Call } from './actor.ts';
import type { AppContext } from './context.ts';
import { done, refuse, type Outcome } from './outcome.ts';

/** What an act came to, with the index of the ledger entry that records it. */
interface Answered<T> {
  readonly value: T;
  readonly index: bigint;
}

/**
 * What the same caller's same key was answered before, or `null` where it is new; then nobody else's attempt under it gets
 * further until the transaction ends. The same key with another request is refused. Asked first, before anything is looked at.
 */
export async function answeredBefore<T>(tx: Transaction, call: Call): Promise<Outcome<Answered<T>> | null> {
  const { repeat, actor } = call;
  if (repeat === undefined) return null;
  await holdKey(tx, actor.person, repeat.key);
  const earlier = await findAnswer(tx, actor.person, repeat.key);
  if (earlier === undefined) return null;
  const { route, request_digest, answer, ledger_index } = earlier;
  if (route !== repeat.route || (request_digest !== null && request_digest !== repeat.digest)) {
    return refuse('conflict', 'expected a key of its own, got one that another request used before');
  }
  if (request_digest === null) {
    return refuse(
      'done_before',
      `expected a key that was not used, got one of what was done and shown before, entry ${ledger_index} of the ledger`,
      { ledgerIndex: ledger_index.toString() },
    );
  }
  // What was kept under this route is what this route's work gave.
  return done({ value: answer as T, index: ledger_index });
}

/** Keeps an answer for whoever sends the same again, in the transaction of what was done. */
export async function keepAnswer(
  tx: Transaction,
  { repeat, actor }: Call,
  { value, index }: Answered<unknown>,
): Promise<void> {
  if (repeat === undefined) return;
  const { key, route, digest } = repeat;
  await insertAnswer(tx, actor.person, key, {
    route,
    request_digest: digest,
    answer: value,
    ledger_index: index,
  });
}

/** Lets go of answers whose keys are kept no longer. */
export function forgetOldAnswers({ db }: AppContext): Promise<number> {
  return forgetAnswers(db, KEPT_DAYS);
}
