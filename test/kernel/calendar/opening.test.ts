import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  DAY_MS,
  endOfStretch,
  firstFit,
  HOUR_MS,
  hoursInWords,
  hoursOf,
  within,
  type Hours,
} from '../../../src/kernel/calendar/hours.ts';
import {
  earliestInside,
  earliestOpening,
  openings,
  type OpeningSearch,
} from '../../../src/kernel/calendar/opening.ts';
import { firstReaching, overlapping, spanList } from '../../../src/kernel/calendar/span.ts';

const STEP = HOUR_MS;
const span = fc
  .tuple(fc.integer({ min: 0, max: 120 }), fc.integer({ min: 0, max: 12 }))
  .map(([start, length]) => ({ start: start * STEP, end: (start + length) * STEP }));
const spans = fc.array(span, { maxLength: 12 });
const hours = fc
  .subarray([0, 1, 2, 3, 4, 5], { minLength: 1 })
  .map((blocks) =>
    hoursOf(
      blocks.map((block) => ({ start: block * 4 * HOUR_MS, end: ((block + 1) * 4 * HOUR_MS) % DAY_MS })),
    ),
  );

/** Whether an interval lies inside the hours, by looking at every hour of it. */
function insideHours({ stretches, always }: Hours, start: number, length: number): boolean {
  if (always) return true;
  return stretches.some((stretch) =>
    [-1, 0, 1, 2, 3, 4, 5, 6, 7].some(
      (day) =>
        day * DAY_MS + stretch.start <= start && start + Math.max(length, 1) <= day * DAY_MS + stretch.end,
    ),
  );
}

function open({ hours: allowed, blocked, lengthMs }: OpeningSearch, start: number): boolean {
  const free = blocked.every(({ list }) =>
    list.spans.every((one) => one.start >= start + Math.max(lengthMs, 1) || one.end <= start),
  );
  return free && (allowed === null || insideHours(allowed, start, lengthMs));
}

const searches = fc
  .record({
    first: spans,
    second: spans,
    allowed: fc.option(hours),
    from: fc.integer({ min: 0, max: 60 }),
    length: fc.integer({ min: 0, max: 6 }),
  })
  .map(({ first, second, allowed, from, length }): OpeningSearch => ({
    from: from * STEP,
    until: 140 * STEP,
    lengthMs: length * STEP,
    hours: allowed,
    blocked: [{ list: spanList(first) }, { list: spanList(second) }],
  }));

describe('the earliest opening', () => {
  test('is the one that stepping finds', () => {
    fc.assert(
      fc.property(searches, (search) => {
        let expected: number | null = null;
        for (let start = search.from; start <= search.until && expected === null; start += STEP) {
          if (open(search, start)) expected = start;
        }
        expect(earliestOpening(search)).toBe(expected);
      }),
      { numRuns: 1_000 },
    );
  });

  test('and all others are open from their first to their last start, and closed between', () => {
    fc.assert(
      fc.property(searches, (search) => {
        const found = openings(search, 1_000);
        for (let start = search.from; start <= search.until; start += STEP) {
          expect(
            found.some(({ first, last }) => first <= start && start <= last),
            String(start / STEP),
          ).toBe(open(search, start));
        }
      }),
      { numRuns: 500 },
    );
  });

  test('inside windows is the one that stepping finds', () => {
    fc.assert(
      fc.property(searches, spans, (search, windows) => {
        const list = spanList(windows);
        let expected: number | null = null;
        for (let start = search.from; start <= search.until && expected === null; start += STEP) {
          const end = start + Math.max(search.lengthMs, 1);
          const held = list.spans.some((window) => window.start <= start && end <= window.end);
          if (held && open({ ...search, blocked: [] }, start)) expected = start;
        }
        expect(earliestInside(list, search)).toBe(expected);
      }),
      { numRuns: 1_000 },
    );
  });

  test('looks through ten thousand bookings only once', () => {
    let looked = 0;
    const list = spanList(
      Array.from({ length: 10_000 }, (_, index) => ({ start: index * STEP, end: (index + 1) * STEP })),
    );
    const blocked = [{ list, ignore: () => (looked += 1) < 0 }];
    const found = earliestOpening({ from: 0, until: 20_000 * STEP, lengthMs: STEP, hours: null, blocked });
    expect(found).toBe(10_000 * STEP);
    expect(looked).toBe(10_000);
  });
});

describe('hours', () => {
  test('that touch are one stretch, across midnight too', () => {
    const night = hoursOf([{ start: 22 * HOUR_MS, end: 6 * HOUR_MS }]);
    expect(within(night, 23 * HOUR_MS, 25 * HOUR_MS)).toBe(true);
    expect(endOfStretch(night, 23 * HOUR_MS)).toBe(30 * HOUR_MS);
    expect(endOfStretch(night, 12 * HOUR_MS)).toBeNull();
    const split = hoursOf([
      { start: 0, end: 6 * HOUR_MS },
      { start: 22 * HOUR_MS, end: DAY_MS },
    ]);
    expect(within(split, 23 * HOUR_MS, 25 * HOUR_MS)).toBe(true);
    const all = hoursOf([
      { start: 22 * HOUR_MS, end: 6 * HOUR_MS },
      { start: 6 * HOUR_MS, end: 22 * HOUR_MS },
    ]);
    expect(all.always).toBe(true);
    expect(endOfStretch(all, 0)).toBe(Infinity);
    expect(within(all, 0, 1_000 * DAY_MS)).toBe(true);
    expect([night, all, hoursOf([])].map(hoursInWords)).toEqual([
      'from 22:00 to 06:00 UTC',
      'at any time',
      'at no time',
    ]);
  });

  test('before 1970 are the same hours', () => {
    const night = hoursOf([{ start: 22 * HOUR_MS, end: 6 * HOUR_MS }]);
    expect(firstFit(night, -12 * HOUR_MS, HOUR_MS)).toBe(-2 * HOUR_MS);
  });
});

describe('spans', () => {
  test('that overlap an interval are all found, whatever covers what', () => {
    fc.assert(
      fc.property(
        spans,
        fc.integer({ min: 0, max: 130 }),
        fc.integer({ min: 0, max: 10 }),
        (all, from, length) => {
          const [start, end] = [from * STEP, (from + length) * STEP];
          const expected = all.filter(
            (one) => one.end > one.start && one.start < Math.max(end, start + 1) && one.end > start,
          );
          expect(overlapping(spanList(all), start, end)).toHaveLength(expected.length);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  test('are searched from the first that reaches an instant', () => {
    const list = spanList([
      { start: 5, end: 6 },
      { start: 0, end: 100 },
      { start: 7, end: 8 },
    ]);
    expect([0, 50, 99, 100].map((instant) => firstReaching(list, instant))).toEqual([0, 0, 0, 3]);
  });
});
