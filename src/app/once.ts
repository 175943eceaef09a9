import { KEPT_DAYS } from '../contract/idempotency.ts';
import type { Transaction } from '../store/database.ts';
import {
  areAnswered,
  findAnswer,
  forgetAnswers,
  holdFreeKeys,
  holdKey,
  insertAnswers,
  type OwnKey,
} from '../store/idempotent-answers.ts';
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
  const { repeat } = call;
  const own = ownKeyOf(call);
  if (repeat === undefined || own === null) return null;
  await holdKey(tx, own);
  const earlier = await findAnswer(tx, own);
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

/**
 * Which of several calls, in their order, are new: those without a key, and those whose key was never answered, that nobody else is at
 * now and that no earlier one of them bears; nobody else gets further under it until the transaction ends. Nothing is waited for:
 * whatever is not new is asked about by itself. Asked first, as above.
 */
export async function areNew(tx: Transaction, calls: readonly Call[]): Promise<boolean[]> {
  const keys = new Map(calls.flatMap((call) => ownKeyOf(call) ?? []).map((own) => [nameOf(own), own]));
  if (keys.size === 0) return calls.map(() => true);
  const own = [...keys.values()];
  const held = await holdFreeKeys(tx, own);
  // After the keys are held: whoever held one before has committed what it was answered.
  const answered = await areAnswered(tx, own);
  const fresh = new Set(
    own.filter((_, place) => held[place] === true && answered[place] === false).map(nameOf),
  );
  return calls.map((call) => {
    const key = ownKeyOf(call);
    // The first that bears it takes it.
    return key === null || fresh.delete(nameOf(key));
  });
}

const ownKeyOf = ({ repeat, actor }: Call): OwnKey | null =>
  repeat === undefined ? null : { person: actor.person, key: repeat.key };

const nameOf = ({ person, key }: OwnKey): string => `${person} ${key}`;

/** Keeps answers for whoever sends the same again, in the transaction of what was done. */
export async function keepAnswers(
  tx: Transaction,
  answers: readonly (Answered<unknown> & { readonly call: Call })[],
): Promise<void> {
  const kept = answers.flatMap(({ call: { actor, repeat }, value, index }) => {
    if (repeat === undefined) return [];
    const { key, route, digest } = repeat;
    return [{ person: actor.person, key, route, request_digest: digest, answer: value, ledger_index: index }];
  });
  if (kept.length > 0) await insertAnswers(tx, kept);
}

/** Lets go of answers whose keys are kept no longer. */
export function forgetOldAnswers({ db }: AppContext): Promise<number> {
  return forgetAnswers(db, KEPT_DAYS);
}
