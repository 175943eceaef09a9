import type { Transaction } from '../store/database.ts';
import { violatedConstraint } from '../store/database.ts';
import { findAnswer, insertAnswer, type IdempotentAnswer } from '../store/idempotent-answers.ts';
import type { Call } from './actor.ts';
import { carryOut, type Deed, type Result } from './carry-out.ts';
import type { AppContext } from './context.ts';
import { digestOf } from './digest.ts';
import { done, refuse, type Outcome } from './outcome.ts';

/** A request that may come twice. */
export interface Repeatable {
  /** Made by the client for one intention; without one each request stands for itself. */
  readonly key: string | undefined;
  readonly route: string;
  readonly body: unknown;
}

/**
 * Carries a deed out once, however often the same person sends it with the same key: the answer is kept in its transaction. The
 * same key with another request is refused.
 */
export async function once<T>(
  context: AppContext,
  call: Call,
  { key, route, body, deed }: Repeatable & { readonly deed: Deed },
  work: (tx: Transaction) => Promise<Outcome<Result<T>>>,
): Promise<Outcome<T>> {
  if (key === undefined) return valueOnly(await carryOut(context, call, deed, work));
  const { person } = call.actor;
  const digest = digestOf(context, JSON.parse(JSON.stringify(body)));
  const earlier = await findAnswer(context.db, person, key);
  if (earlier) return replay<T>(earlier, { route, digest });
  try {
    const outcome = await carryOut(context, call, deed, async (tx) => {
      const result = await work(tx);
      if (result.ok) {
        await insertAnswer(tx, person, key, { route, request_digest: digest, answer: result.value.value });
      }
      return result;
    });
    return valueOnly(outcome);
  } catch (error) {
    if (violatedConstraint(error) !== 'idempotent_answers_pkey') throw error;
    const quicker = await findAnswer(context.db, person, key);
    if (!quicker) throw error;
    return replay<T>(quicker, { route, digest });
  }
}

function replay<T>(
  earlier: IdempotentAnswer,
  { route, digest }: { readonly route: string; readonly digest: string },
): Outcome<T> {
  if (earlier.route !== route || earlier.request_digest !== digest) {
    return refuse('conflict', 'expected a key of its own, got one that another request used before');
  }
  // What was kept under this route is what this route's work gave.
  return done(earlier.answer as T);
}

function valueOnly<T>(outcome: Outcome<{ readonly value: T }>): Outcome<T> {
  return outcome.ok ? done(outcome.value.value) : outcome;
}
