/** A stretch of time in epoch milliseconds, half open: `start` is in it, `end` is not. */
export type Span = { readonly start: number; readonly end: number };

/**
 * Spans in the order of their starts, ready to be searched.
 * `reach[i]` is the latest end among the first `i + 1` spans, so it only grows and can be searched by halves.
 */
export type SpanList<S extends Span = Span> = {
  readonly spans: readonly S[];
  readonly reach: readonly number[];
};

const NONE: readonly never[] = [];

export const NO_SPANS: SpanList<never> = { spans: [], reach: [] };

/** Sorts once what will be asked often. Empty spans (`start === end`) cover nothing and are left out. */
export function spanList<S extends Span>(unsorted: readonly S[]): SpanList<S> {
  const spans = unsorted
    .filter((span) => span.end > span.start)
    .toSorted((a, b) => a.start - b.start || a.end - b.end);
  let latest = -Infinity;
  const reach = spans.map((span) => (latest = Math.max(latest, span.end)));
  return { spans, reach };
}

/** The first index from which a span may end later than `instant`; the length of the list if none does. */
export function firstReaching(list: SpanList, instant: number): number {
  let low = 0;
  let high = list.reach.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((list.reach[middle] as number) > instant) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * The spans that share time with `[start, end)`, in order. An interval of no length counts as its instant:
 * a lock that covers the instant stops what takes no time as well.
 */
export function overlapping<S extends Span>(list: SpanList<S>, start: number, end: number): readonly S[] {
  const until = Math.max(end, start + 1);
  let found: S[] | undefined;
  for (let index = firstReaching(list, start); index < list.spans.length; index += 1) {
    const span = list.spans[index] as S;
    if (span.start >= until) break;
    if (span.end > start) (found ??= []).push(span);
  }
  return found ?? NONE;
}
