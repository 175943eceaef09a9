import type { Hours } from '../calendar/hours.ts';
import { earliestInside, earliestOpening, type Blocked } from '../calendar/opening.ts';
import { NO_SPANS, type SpanList } from '../calendar/span.ts';
import type { Lock, LockKind } from './facts.ts';
import { lengthMs } from './interval.ts';
import type { Judged } from './judged.ts';
import { isExempt, locksThere } from './lock-hits.ts';
import { asks } from './question.ts';
import { wouldStop } from './settle.ts';
import type { Truth } from './truth.ts';

type Search = {
  readonly from: number;
  readonly until: number;
  readonly lengthMs: number;
  readonly hours: Hours | null;
  readonly kinds: readonly LockKind[];
};

/**
 * The earliest instant from now on at which time alone no longer stops it (hours, locks and, at start, the slot), all
 * other facts as they are; `null` if there is none within the policy's limit, or if it cannot be told.
 */
export function nextOpening(question: Judged): number | null {
  const { action, at, ceremony, policy } = question;
  if (action !== 'ask' && action !== 'schedule' && action !== 'start') return null;
  const hours = wouldStop(question, 'allowed-hours');
  const kinds = stoppingKinds(question);
  const slot = action === 'start' && wouldStop(question, 'in-slot') ? question.change.slot : null;
  if (!hours && kinds?.length === 0 && slot === null) return at;
  const length = neededMs(question);
  if (kinds === undefined || length === undefined || (hours && ceremony === undefined)) return null;
  const bounds = slot === null ? { start: at, end: Infinity } : slot;
  if (bounds.start === undefined || bounds.end === undefined) return null;
  return earliest(question, {
    from: Math.max(at, bounds.start),
    until: Math.min(at + policy.limits.nextOpeningMs, bounds.end - Math.max(length, 1)),
    lengthMs: length,
    hours: hours && ceremony !== undefined ? ceremony.hours : null,
    kinds,
  });
}

/** When a lock of one kind no longer stops it; `null` if waiting does not move the interval, or it cannot be told. */
export function clearOfLock(question: Judged, kind: LockKind): number | null {
  const { interval, at, policy } = question;
  if (!interval.movesWithTime || interval.end === undefined) return null;
  return earliest(question, {
    from: at,
    until: at + policy.limits.nextOpeningMs,
    lengthMs: interval.end - at,
    hours: null,
    kinds: [kind],
  });
}

/** The kinds of lock that stop it; `undefined` if that is not known. */
function stoppingKinds(question: Judged): readonly LockKind[] | undefined {
  const soft: Truth =
    question.change.deployment !== 'canary' && wouldStop(question, 'soft-lock')
      ? asks(question, 'soft-lock')
      : false;
  if (soft === undefined) return undefined;
  const hard = wouldStop(question, 'hard-lock');
  if (soft) return hard ? ['soft', 'hard'] : ['soft'];
  return hard ? ['hard'] : [];
}

/** How long the interval is, wherever it begins. */
function neededMs({ action, change, facts }: Judged): number | undefined {
  if (action !== 'schedule' || change.slot === null) return lengthMs(facts);
  const { start, end } = change.slot;
  return start === undefined || end === undefined ? undefined : end - start;
}

function earliest(question: Judged, search: Search): number | null {
  const { change, policy } = question;
  if (search.kinds.length === 0) return earliestOpening({ ...search, blocked: [] });
  if (change.environment === undefined || isUnclear(question, search)) return null;
  const there = locksThere(question);
  const blocked = search.kinds.flatMap((kind) => [
    ...(there.policy === undefined ? [] : [blockedBy(there.policy[kind], question)]),
    ...(there.facts === undefined ? [] : [blockedBy(there.facts[kind], question)]),
  ]);
  const ordinary = earliestOpening({ ...search, blocked });
  const released =
    change.monthlyRelease && change.deployment !== null
      ? earliestInside(there.policy?.releaseDays ?? NO_SPANS, search)
      : null;
  const found = ordinary === null || (released !== null && released < ordinary) ? released : ordinary;
  const { laidOut } = policy;
  return found === null || found < laidOut.start || found + search.lengthMs > laidOut.end ? null : found;
}

function blockedBy(list: SpanList<Lock>, { locks }: Judged): Blocked {
  if (locks.exempt.size === 0) return { list };
  return { list, ignore: (index) => isExempt(list.spans[index] ?? { id: undefined }, locks.exempt) };
}

/** Whether a lock of which something is not known might stand in the way. */
function isUnclear(question: Judged, { from, kinds }: Search): boolean {
  const unclear = locksThere(question).facts?.unclear ?? [];
  return unclear.some(
    (lock) =>
      (lock.kind === undefined || kinds.includes(lock.kind)) &&
      (lock.end === undefined || lock.end > from) &&
      !isExempt(lock, question.locks.exempt),
  );
}
