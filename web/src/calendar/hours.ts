import type { Calendar } from '../../../src/contract/calendar.ts';
import type { Criticality } from '../../../src/kernel/policy/facts.ts';
import type { Range } from './search.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 1_440 * MINUTE_MS;

/** The times of the range at which a change of a criticality may not run. */
export function closedSpans(
  calendar: Pick<Calendar, 'hours'>,
  criticality: Criticality,
  { from, to }: Range,
): readonly Range[] {
  const hours = calendar.hours[criticality];
  if (hours === undefined) return [];
  const open: Range[] = [];
  for (let day = from - DAY_MS; day < to; day += DAY_MS) {
    for (const { start, end } of hours) {
      const [begins, ends] = [msOfClock(start), msOfClock(end)];
      open.push({ from: day + begins, to: day + (ends > begins ? ends : ends + DAY_MS) });
    }
  }
  const closed: Range[] = [];
  let at = from;
  for (const span of open.toSorted((a, b) => a.from - b.from)) {
    if (span.from > at) closed.push({ from: at, to: Math.min(span.from, to) });
    at = Math.max(at, span.to);
  }
  if (at < to) closed.push({ from: at, to });
  return closed.filter((span) => span.to > span.from);
}

/** `09:30` or `24:00`, in milliseconds of the day. */
export function msOfClock(clock: string): number {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number);
  return (hours * 60 + minutes) * MINUTE_MS;
}
