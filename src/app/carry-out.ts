import type { LedgerDraft } from '../contract/ledger.ts';
import { AppError } from '../contract/errors.ts';
import { andCommit, transact, type Transaction } from '../store/database.ts';
import { appendEntries, InvalidEntry, type Appended } from '../store/ledger.ts';
import { keepOrUndo } from '../store/savepoint.ts';
import { capacityOf, loginOf, type Call, type Credential } from './actor.ts';
import type { AppContext } from './context.ts';
import { answeredBefore, keepAnswers } from './once.ts';
import type { Outcome } from './outcome.ts';

/** What is attempted, as the ledger names it. */
export interface Deed {
  /** What kind of record: `person.created`. */
  readonly type: string;
  /** What is done: `create`. */
  readonly action: string;
  /** What it is about, `kind/id`: `person/ana`. */
  readonly object: string;
}

/** What a deed came to, for the caller and for the record. */
export interface Result<T> {
  readonly value: T;
  /** Why, or what, in one line. No free text of a person. */
  readonly reason: string;
  /** Where the id is known only afterwards. */
  readonly object?: string;
  readonly before?: string | null;
  readonly after?: string | null;
  readonly digests?: LedgerDraft['digests'];
  readonly details?: LedgerDraft['details'];
}

/** A value with the index of the ledger entry that records it. */
export interface Recorded<T> {
  readonly value: T;
  readonly index: bigint;
}

/**
 * The one way to change state: the work, and the ledger entry that records it, in one transaction. A refusal undoes what the
 * work wrote and is recorded in its place. Whatever is thrown undoes everything, the record too. A call that bears a key is carried
 * out once: the answer is kept in the same transaction, and given again.
 *
 * INVARIANT: no record, no action.
 */
export async function carryOut<T>(
  context: AppContext,
  call: Call,
  deed: Deed,
  work: (tx: Transaction) => Promise<Outcome<Result<T>>>,
): Promise<Outcome<Recorded<T>>> {
  return transact(context.db, async (tx) => {
    const before = await answeredBefore<T>(tx, call);
    if (before) return before;
    const outcome = await keepOrUndo(
      tx,
      async () => (await call.condition?.(tx)) ?? (await work(tx)),
      ({ ok }) => ok,
    );
    const draft = draftOf(context, call, deed, outcome);
    if (!outcome.ok) {
      await andCommit(tx, () => record(tx, draft));
      return outcome;
    }
    const { value } = outcome.value;
    // An answer that is kept has the index in it; without one, nothing comes after the entry.
    const last = call.repeat === undefined;
    const { index } = await (last ? andCommit(tx, () => record(tx, draft)) : record(tx, draft));
    if (!last) await andCommit(tx, () => keepAnswers(tx, [{ call, value, index }]));
    return { ok: true, value: { value, index } };
  });
}

/** The same, for whoever needs the value and not where it is recorded. */
export async function carryOutValue<T>(
  context: AppContext,
  call: Call,
  deed: Deed,
  work: (tx: Transaction) => Promise<Outcome<Result<T>>>,
): Promise<Outcome<T>> {
  const outcome = await carryOut(context, call, deed, work);
  return outcome.ok ? { ok: true, value: outcome.value.value } : outcome;
}

/** What was done, and by which call. */
export interface Done {
  readonly call: Call;
  readonly deed: Deed;
  readonly result: Result<unknown>;
}

/**
 * Records what was done together, in its order, keeps what its keys are answered, and commits the caller's transaction; none of it could
 * be refused.
 */
export async function recordDone(tx: Transaction, context: AppContext, done: readonly Done[]): Promise<void> {
  const drafts = done.map(({ call, deed, result }) =>
    draftOf(context, call, deed, { ok: true, value: result }),
  );
  if (done.every(({ call }) => call.repeat === undefined)) {
    await andCommit(tx, () => recordAll(tx, drafts));
    return;
  }
  const appended = await recordAll(tx, drafts);
  const answers = done.flatMap(({ call, result: { value } }, place) => {
    const entry = appended[place];
    return entry ? [{ call, value, index: entry.index }] : [];
  });
  if (answers.length !== done.length) throw new Error('expected an entry for each, got fewer');
  await andCommit(tx, () => keepAnswers(tx, answers));
}

/** Appends an entry; where that fails so does the transaction, with `no_evidence` if the entry itself is at fault. */
export async function record(tx: Transaction, draft: LedgerDraft): Promise<Appended> {
  const [appended] = await recordAll(tx, [draft]);
  if (appended === undefined) throw new Error('expected the entry to be appended, got no index');
  return appended;
}

/** The same for several, in their order, in one call. */
export async function recordAll(tx: Transaction, drafts: readonly LedgerDraft[]): Promise<Appended[]> {
  return orNoEvidence(() => appendEntries(tx, drafts));
}

/** What appends entries; `no_evidence` where one of them is at fault. */
export async function orNoEvidence<T>(append: () => Promise<T>): Promise<T> {
  try {
    return await append();
  } catch (cause) {
    if (cause instanceof InvalidEntry) throw new AppError('no_evidence', undefined, { cause });
    throw cause;
  }
}

const SESSIONLESS: ReadonlySet<Credential['kind']> = new Set<Credential['kind']>(['none', 'login']);

/** The fields of an entry that come from who calls and under which policy. */
export function entryBase(
  context: Pick<AppContext, 'policy'>,
  call: Call,
): Pick<LedgerDraft, 'actor' | 'source' | 'policy' | 'request'> {
  const { actor } = call;
  return {
    actor: {
      issuer: actor.issuer,
      subject: actor.subject,
      capacity: capacityOf(actor),
      session: SESSIONLESS.has(actor.credential.kind) ? null : actor.credential.id,
    },
    source: call.source,
    policy: context.policy.digest,
    request: call.requestId,
  };
}

function draftOf(
  context: AppContext,
  call: Call,
  deed: Deed,
  outcome: Outcome<Result<unknown>>,
): LedgerDraft {
  const base = { ...entryBase(context, call), type: deed.type, action: deed.action };
  if (!outcome.ok) {
    const { code, because } = outcome.refusal;
    return {
      ...base,
      object: deed.object,
      outcome: 'deny',
      reason: because,
      before: null,
      after: null,
      details: { code, ...loginOf(call.actor) },
    };
  }
  const { reason, object, before, after, digests } = outcome.value;
  const way = loginOf(call.actor);
  const details = way === null ? outcome.value.details : { ...outcome.value.details, ...way };
  return {
    ...base,
    object: object ?? deed.object,
    outcome: 'allow',
    reason,
    before: before ?? null,
    after: after ?? null,
    ...(digests && { digests }),
    ...(details && { details }),
  };
}
