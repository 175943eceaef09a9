import { occurrences } from '../../documents/recurrence.ts';
import type { Span } from '../../kernel/calendar/span.ts';
import type { Queries } from '../../store/database.ts';
import { standingLocks, type LockRow, type LockText } from '../../store/locks.ts';

/** A lock over one stretch of time: of a recurrence one occurrence. */
export interface LockSpan extends LockRow {
  readonly end: Date;
}

/** When a text holds within a stretch of time; epoch milliseconds, half open, by start. */
export function spansOf(text: Pick<LockText, 'start' | 'end' | 'recurrence'>, within: Span): Span[] {
  const start = text.start.getTime();
  const end = text.end?.getTime() ?? Number.POSITIVE_INFINITY;
  const { recurrence } = text;
  if (recurrence === null) return start < within.end && end > within.start ? [{ start, end }] : [];
  return occurrences(recurrence, recurrence.dayBeginsMs, within)
    .map((one) => ({ start: Math.max(one.start, start), end: Math.min(one.end, end) }))
    .filter((one) => one.start < one.end);
}

/** The same of rows. */
export function laidOut(rows: readonly LockRow[], within: Span): LockSpan[] {
  return rows.flatMap((row) =>
    spansOf(row, within).map(({ start, end }) => ({ ...row, start: new Date(start), end: new Date(end) })),
  );
}

/** The locks in force in an environment, recurrences laid out within a stretch of time. */
export async function locksInForce(db: Queries, environment: string, within: Span): Promise<LockSpan[]> {
  return laidOut(await standingLocks(db, environment, new Date(within.start)), within);
}
