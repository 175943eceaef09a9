import type { FactsDocument } from '../../contract/facts.ts';
import type { Span } from '../../kernel/calendar/span.ts';
import type { LockRow } from '../../store/locks.ts';
import type { InJson } from '../../store/rows-in-json.ts';
import { spanText } from '../standing-facts.ts';
import { spansOf } from './occurrences.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** The longest time in which a next opening is looked for, and a day. */
const OPENINGS_MS = 401 * DAY_MS;

/** The stretch in which a decision looks for locks, from an instant on: for the next opening of a change of that length. */
export function lookedAhead(
  from: number,
  change: NonNullable<FactsDocument['change']>,
  /** The end of its slot, where that may lie further ahead. */
  to: number = from,
): Span {
  const lengthMs = ((change.estimateMinutes ?? 0) + (change.rollbackMinutes ?? 0)) * MINUTE_MS;
  return { start: from, end: Math.max(from + OPENINGS_MS, to) + lengthMs };
}

/** Locks in force as facts, recurrences laid out within a stretch of time. */
export function lockFacts(
  locks: readonly (LockRow | InJson<LockRow>)[],
  within: Span,
): NonNullable<FactsDocument['locks']> {
  return locks.flatMap(({ id, kind, environments, reason, start, end, recurrence }) =>
    spansOf({ start: new Date(start), end: end === null ? null : new Date(end), recurrence }, within).map(
      (span) => ({ id, kind, environments, reason, ...spanText(span) }),
    ),
  );
}
