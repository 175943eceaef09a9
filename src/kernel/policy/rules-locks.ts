import { formatInstant } from '../calendar/instant.ts';
import { deny, missing, pass, type Finding } from './finding.ts';
import type { Lock, LockKind } from './facts.ts';
import { listed, waysOf } from './in-words.ts';
import type { Judged } from './judged.ts';
import { isExempt, type LockHits } from './lock-hits.ts';
import { clearOfLock } from './next-opening.ts';
import type { Ways } from './policy.ts';
import { asks } from './question.ts';
import { both, not, type Truth } from './truth.ts';
import { judgeApproval } from './ways.ts';

const EOC = waysOf([['eoc']]);

// Production change locks, and what is coordinated under them.

export function softLock(question: Judged): Finding | null {
  const { change, locks } = question;
  const canary = change.deployment === 'canary';
  const applies = both(asks(question, 'soft-lock'), both(!canary, not(locks.monthlyRelease)));
  return applies === false ? null : judgeLocks(question, 'soft', applies);
}

export function hardLock(question: Judged): Finding | null {
  const applies = not(question.locks.monthlyRelease);
  return applies === false ? null : judgeLocks(question, 'hard', applies);
}

function judgeLocks(question: Judged, kind: LockKind, applies: Truth): Finding {
  const { locks, change } = question;
  if (applies === undefined) {
    return missing(question.ceremony === undefined ? 'the criticality' : locks.unclear);
  }
  const met = locks[kind].filter((lock) => !isExempt(lock, locks.exempt));
  const where = change.environment ?? 'the environment';
  if (met.length > 0) {
    const because = `No ${kind} lock of ${where} may overlap the interval; ${met.length === 1 ? 'this does' : 'these do'}: ${lockNames(met, question.at)}.`;
    const finding = deny(because, clearOfLock(question, kind));
    return locks.maybeMore[kind] ? { ...finding, alsoUnknown: true } : finding;
  }
  if (locks.maybeMore[kind]) return missing(locks.unclear);
  if (locks[kind].length > 0) {
    return {
      verdict: 'excepted',
      because: `The change is exempted from every ${kind} lock that it meets: ${lockNames(locks[kind], question.at)}.`,
    };
  }
  return pass(`No ${kind} lock of ${where} overlaps the interval.`);
}

/** Locks with their reasons and spans; when one begins is said of those that are still ahead. */
function lockNames(locks: readonly Lock[], now: number): string {
  const names = locks.map(({ id, reason, start, end }) => {
    const why = reason === undefined || reason === '' ? '' : ` (${reason})`;
    const ahead = start > now ? ` from ${formatInstant(start)}` : '';
    return `${id ?? 'one without an id'}${why}${ahead} until ${formatInstant(end)}`;
  });
  return listed([...new Set(names)].toSorted());
}

export function eocCoordination(question: Judged): Finding | null {
  const { change, locks } = question;
  if (change.deployment !== 'production') return null;
  const met = both(asks(question, 'eoc-coordination'), meetsSoftLock(locks));
  if (met === false) return null;
  if (met === undefined) return missing(question.ceremony === undefined ? 'the criticality' : locks.unclear);
  return coordinated(question, EOC, 'A production deployment under a soft lock');
}

/** Exempted locks are out of the question, and release day is for the release that it is made for. */
function meetsSoftLock({ soft, exempt, monthlyRelease, maybeMore }: LockHits): Truth {
  const counted = soft.filter((lock) => !isExempt(lock, exempt));
  if (counted.some(({ releaseDay }) => !releaseDay)) return true;
  const onlyReleaseDay = both(counted.length > 0, not(monthlyRelease));
  if (onlyReleaseDay === true) return true;
  return onlyReleaseDay === undefined || maybeMore.soft ? undefined : false;
}

export function releaseCoordination(question: Judged): Finding | null {
  const { locks, policy } = question;
  const met = both(locks.monthlyRelease, meetsOtherLock(locks));
  if (met === false) return null;
  if (met === undefined) return missing(locks.unclear);
  return coordinated(
    question,
    policy.approvals.release,
    'The monthly release under a lock other than release day',
  );
}

function meetsOtherLock({ soft, hard, maybeMore }: LockHits): Truth {
  if (hard.some(({ releaseDay }) => !releaseDay) || soft.some(({ releaseDay }) => !releaseDay)) return true;
  return maybeMore.soft || maybeMore.hard ? undefined : false;
}

function coordinated(question: Judged, ways: Ways, what: string): Finding {
  const wants = `${what} needs ${ways.inWords}, on duty now, to approve the start`;
  return judgeApproval(question, { ways, for: 'start' }, { given: `${wants}; given by`, needs: wants });
}
