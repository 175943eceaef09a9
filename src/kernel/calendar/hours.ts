import type { Span } from './span.ts';

export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

/**
 * The hours of every day in which something may happen: stretches as milliseconds since midnight UTC, sorted, apart
 * from each other. A stretch that crosses midnight is one stretch: its end is then later than a day.
 */
export type Hours = { readonly stretches: readonly Span[]; readonly always: boolean };

/** Joins stretches of the day that touch, across midnight too. A stretch with `end <= start` crosses midnight. */
export function hoursOf(stretches: readonly Span[]): Hours {
  const sorted = stretches
    .map(({ start, end }) => ({ start, end: end <= start ? end + DAY_MS : end }))
    .toSorted((a, b) => a.start - b.start);
  const joined: Span[] = [];
  for (const next of sorted) {
    const last = joined.at(-1);
    if (last !== undefined && next.start <= last.end) {
      joined[joined.length - 1] = { start: last.start, end: Math.max(last.end, next.end) };
    } else joined.push(next);
  }
  return closeTheDay(joined);
}

/** Joins the last stretch of the day with the first of the next. */
function closeTheDay(joined: Span[]): Hours {
  const first = joined[0];
  const last = joined.at(-1);
  if (first === undefined || last === undefined) return { stretches: [], always: false };
  if (first !== last && last.end >= first.start + DAY_MS) {
    const rest = joined.slice(1, -1);
    return {
      stretches: [...rest, { start: last.start, end: Math.max(last.end, first.end + DAY_MS) }],
      always: false,
    };
  }
  return { stretches: joined, always: first === last && first.end - first.start >= DAY_MS };
}

/** Whether `[start, end)` lies inside one stretch; an interval of no length counts as its instant. */
export function within(hours: Hours, start: number, end: number): boolean {
  return firstFit(hours, start, end - start) === start;
}

/** The earliest instant from `from` on at which `lengthMs` fits into one stretch; `null` if it never does. */
export function firstFit(hours: Hours, from: number, lengthMs: number): number | null {
  if (hours.always) return from;
  const needed = Math.max(lengthMs, 1);
  const midnight = from - modulo(from, DAY_MS);
  let earliest: number | null = null;
  for (const stretch of hours.stretches) {
    if (stretch.end - stretch.start < needed) continue;
    const candidate = firstFitIn(stretch, midnight, { from, needed });
    if (earliest === null || candidate < earliest) earliest = candidate;
  }
  return earliest;
}

/** When the stretch that holds an instant ends; `null` if none does, infinity if they never end. */
export function endOfStretch(hours: Hours, instant: number): number | null {
  if (hours.always) return Infinity;
  const midnight = instant - modulo(instant, DAY_MS);
  for (const { start, end } of hours.stretches) {
    for (const day of [midnight - DAY_MS, midnight]) {
      if (day + start <= instant && instant < day + end) return day + end;
    }
  }
  return null;
}

/** Yesterday's stretch may still run, today's may be ahead or over; tomorrow's always is ahead. */
function firstFitIn(stretch: Span, midnight: number, wanted: { from: number; needed: number }): number {
  for (let day = midnight - DAY_MS; ; day += DAY_MS) {
    const start = Math.max(wanted.from, day + stretch.start);
    if (start + wanted.needed <= day + stretch.end) return start;
  }
}

/** The remainder that is never negative, so that instants before 1970 have their time of day too. */
export function modulo(value: number, by: number): number {
  return value - Math.floor(value / by) * by;
}

/** Hours as people read them, with their zone where they have one. */
export function hoursInWords({ stretches, always }: Hours): string {
  if (always) return 'at any time';
  if (stretches.length === 0) return 'at no time';
  return `from ${stretches.map(({ start, end }) => `${clock(start)} to ${clock(end)}`).join(' and from ')} UTC`;
}

function clock(msOfDay: number): string {
  const minutes = Math.floor(modulo(msOfDay, DAY_MS) / MINUTE_MS);
  return [Math.floor(minutes / 60), minutes % 60].map((value) => String(value).padStart(2, '0')).join(':');
}
