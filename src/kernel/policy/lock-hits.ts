import { firstReaching, overlapping, type SpanList } from '../calendar/span.ts';
import type { Lock, LockBook, LockKind, UnclearLock } from './facts.ts';
import type { PolicyLocks } from './policy.ts';
import type { Question } from './question.ts';
import type { Truth } from './truth.ts';
import { approval } from './ways.ts';

/** The locks of the change's environment that its interval meets. */
export type LockHits = {
  readonly soft: readonly Lock[];
  readonly hard: readonly Lock[];
  /** Whether more locks of a kind may be met than are known to be. */
  readonly maybeMore: Readonly<Record<LockKind, boolean>>;
  /** Why more may be met; empty if nothing is unknown. */
  readonly unclear: string;
  /** Ids of locks from which the change is exempted. */
  readonly exempt: ReadonlySet<string>;
  readonly monthlyRelease: Truth;
};

/** The locks of an environment from both sources; an environment without locks has empty ones. */
export type LocksThere = {
  readonly policy: PolicyLocks | undefined;
  readonly facts: LockBook | undefined;
};

export function locksThere({ policy, facts, change }: Question): LocksThere {
  const { environment } = change;
  if (environment === undefined) return { policy: undefined, facts: undefined };
  return { policy: policy.locks.get(environment), facts: facts.locks.get(environment) };
}

/** Finds every lock that the question's interval meets, and who is exempted from which. */
export function lockHits(question: Question): LockHits {
  const there = locksThere(question);
  const { start, sureEnd } = question.interval;
  const known = start !== undefined && sureEnd !== undefined;
  const unclear = whatIsUnclear(question);
  const exempt = exemptions(question);
  const maybe = (kind: LockKind): boolean =>
    unclear !== '' ||
    (there.facts?.unclear.some((lock) => mayHold(lock, kind, question) && !isExempt(lock, exempt)) ?? false);
  const maybeMore = { soft: maybe('soft'), hard: maybe('hard') };
  return {
    soft: known ? hits(there, 'soft', { start, end: sureEnd }) : [],
    hard: known ? hits(there, 'hard', { start, end: sureEnd }) : [],
    maybeMore,
    unclear: unclear === '' && (maybeMore.soft || maybeMore.hard) ? 'kind or span of a lock' : unclear,
    exempt,
    monthlyRelease: isMonthlyRelease(question, there),
  };
}

type Stretch = { readonly start: number; readonly end: number };

function hits({ policy, facts }: LocksThere, kind: LockKind, { start, end }: Stretch): readonly Lock[] {
  const own = policy === undefined ? [] : overlapping(policy[kind], start, end);
  const other = facts === undefined ? [] : overlapping(facts[kind], start, end);
  if (other.length === 0) return own;
  return own.length === 0 ? other : [...own, ...other];
}

/** What keeps the locks from being looked up in full. */
function whatIsUnclear({ change, interval, policy }: Question): string {
  if (change.environment === undefined) return 'the environment';
  if (interval.start === undefined) return 'when the slot starts';
  if (interval.end === undefined) {
    return change.slot !== null && !interval.movesWithTime
      ? 'when the slot ends'
      : 'how long it takes with its rollback';
  }
  const { laidOut } = policy;
  const outside = interval.start < laidOut.start || interval.end > laidOut.end;
  return outside ? 'which recurring locks hold so far away in time' : '';
}

function mayHold(lock: UnclearLock, kind: LockKind, { interval }: Question): boolean {
  if (lock.kind !== undefined && lock.kind !== kind) return false;
  const over = lock.end !== undefined && interval.start !== undefined && lock.end <= interval.start;
  const ahead =
    lock.start !== undefined &&
    interval.start !== undefined &&
    interval.end !== undefined &&
    lock.start >= Math.max(interval.end, interval.start + 1);
  return !over && !ahead;
}

export function isExempt({ id }: Pick<UnclearLock, 'id'>, exempt: ReadonlySet<string>): boolean {
  return id !== undefined && exempt.has(id);
}

const NONE: ReadonlySet<string> = new Set();
const LOCK_PURPOSE = 'lock:';

/** Locks that somebody may exempt from did so for this change. */
function exemptions(question: Question): ReadonlySet<string> {
  let exempt = NONE;
  for (const { for: purpose } of question.change.approvals) {
    if (purpose === undefined || !purpose.startsWith(LOCK_PURPOSE)) continue;
    const id = purpose.slice(LOCK_PURPOSE.length);
    if (exempt.has(id)) continue;
    const ways = question.policy.approvals.exemption;
    if (approval(question, { ways, for: purpose }).approved === true) exempt = new Set([...exempt, id]);
  }
  return exempt;
}

/** A deployment marked as the monthly release whose interval lies wholly inside one release day. */
function isMonthlyRelease(question: Question, { policy }: LocksThere): Truth {
  const { change, interval } = question;
  if (!change.monthlyRelease || change.deployment === null) return false;
  if (change.environment === undefined || interval.start === undefined) return undefined;
  const { laidOut } = question.policy;
  if (interval.start < laidOut.start || interval.start >= laidOut.end) return undefined;
  if (policy === undefined) return false;
  const until = interval.end ?? interval.sureEnd ?? interval.start;
  const inside = liesInside(policy.releaseDays, { start: interval.start, end: until });
  return inside && interval.end === undefined ? undefined : inside;
}

/** Whether one span of the list holds all of a stretch; one of no length counts as its instant. */
export function liesInside(list: SpanList, { start, end }: Stretch): boolean {
  for (let index = firstReaching(list, start); index < list.spans.length; index += 1) {
    const span = list.spans[index];
    if (span === undefined || span.start > start) return false;
    if (span.end > start && span.end >= end) return true;
  }
  return false;
}
