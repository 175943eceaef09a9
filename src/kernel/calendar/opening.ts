import { endOfStretch, firstFit, type Hours } from './hours.ts';
import { firstReaching, type SpanList } from './span.ts';

/** Spans that an opening must not overlap; `ignore` leaves some of them out. */
export type Blocked = { readonly list: SpanList; readonly ignore?: (index: number) => boolean };

/** What an opening has to satisfy. Instants in epoch milliseconds. */
export type OpeningSearch = {
  readonly from: number;
  /** The latest start that is still of use, inclusive. */
  readonly until: number;
  readonly lengthMs: number;
  /** Hours of the day that hold it wholly; `null` for any time. */
  readonly hours: Hours | null;
  readonly blocked: readonly Blocked[];
};

/**
 * The earliest start from `from` on at which the whole length lies inside the hours and outside every blocked span,
 * exact to the millisecond; `null` if there is none up to `until`. Jumps from obstacle to obstacle: each span is
 * looked at once.
 */
export function earliestOpening(search: OpeningSearch): number | null {
  const cursors = search.blocked.map(({ list }) => firstReaching(list, search.from));
  let start = search.from;
  for (;;) {
    const fit = search.hours === null ? start : firstFit(search.hours, start, search.lengthMs);
    if (fit === null || fit > search.until) return null;
    start = pushPast(search, cursors, fit);
    if (start === fit) return fit;
  }
}

/** Moves a start past every blocked span that it would overlap. Cursors only go forward, as the start does. */
function pushPast({ blocked, lengthMs }: OpeningSearch, cursors: number[], from: number): number {
  const needed = Math.max(lengthMs, 1);
  let start = from;
  for (;;) {
    const before = start;
    blocked.forEach(({ list, ignore }, which) => {
      let cursor = cursors[which] as number;
      for (; cursor < list.spans.length; cursor += 1) {
        const span = list.spans[cursor] as { start: number; end: number };
        if (span.start >= start + needed) break;
        if (span.end > start && !(ignore?.(cursor) ?? false)) start = span.end;
      }
      cursors[which] = cursor;
    });
    if (start === before) return start;
  }
}

/** The earliest start at which the whole length lies inside one of the windows, and inside the hours. */
export function earliestInside(windows: SpanList, search: Omit<OpeningSearch, 'blocked'>): number | null {
  const needed = Math.max(search.lengthMs, 1);
  for (let index = firstReaching(windows, search.from); index < windows.spans.length; index += 1) {
    const window = windows.spans[index] as { start: number; end: number };
    if (window.start > search.until) return null;
    const from = Math.max(search.from, window.start);
    const fit = search.hours === null ? from : firstFit(search.hours, from, search.lengthMs);
    if (fit === null) return null;
    if (fit + needed <= window.end && fit <= search.until) return fit;
  }
  return null;
}

/** A stretch of starts that are all open: the first and the last of them, both inclusive. */
export type Opening = { readonly first: number; readonly last: number };

/** The openings from `from` to `until` in order, at most so many. */
export function openings(search: OpeningSearch, most: number): readonly Opening[] {
  const found: Opening[] = [];
  let from = search.from;
  while (found.length < most && from <= search.until) {
    const first = earliestOpening({ ...search, from });
    if (first === null) break;
    const last = Math.min(lastStart(search, first), search.until);
    found.push({ first, last });
    from = last + 1;
  }
  return found;
}

/** How long the opening that begins at `first` stays open. */
function lastStart({ hours, blocked, lengthMs }: OpeningSearch, first: number): number {
  const needed = Math.max(lengthMs, 1);
  let end = (hours === null ? null : endOfStretch(hours, first)) ?? Infinity;
  for (const { list, ignore } of blocked) {
    for (let index = firstReaching(list, first); index < list.spans.length; index += 1) {
      const span = list.spans[index] as { start: number; end: number };
      if (span.start >= end) break;
      if (span.end <= first || (ignore?.(index) ?? false)) continue;
      end = span.start;
      break;
    }
  }
  return end - needed;
}
