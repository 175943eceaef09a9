import { describe, expect, it } from 'vitest';
import { lockEvents } from '../../src/app/calendar/lock-events.ts';
import type { LockRow } from '../../src/store/locks.ts';

const DAY_MS = 86_400_000;
/** Days since 1970-01-01 of an instant that the cases count from. */
const TODAY = 20_000;
const at = (day: number) => new Date((TODAY + day) * DAY_MS);
const window = {
  start: at(-30).getTime(),
  end: at(400).getTime(),
  backMs: 30 * DAY_MS,
  aheadMs: 400 * DAY_MS,
  environment: null,
};

/** A version that was confirmed on a day. */
const version = (number: number, confirmed: number, rest: Partial<LockRow>): LockRow => ({
  id: 'LOCK-1',
  version: number,
  kind: 'hard',
  environments: ['illumidesk.com'],
  category: 'other',
  reason: 'quiet',
  start: at(-100),
  end: null,
  recurrence: null,
  digest: '',
  emergency: false,
  made_by: 'mona',
  proposed_by: 'mona',
  proposed_at: at(confirmed),
  confirmed_by: 'vera',
  confirmed_at: at(confirmed),
  released_by: null,
  released_at: null,
  ...rest,
});
/** Every so many days from a day on, one day each. */
const every = (days: number, from: number): Pick<LockRow, 'start' | 'end' | 'recurrence'> => ({
  start: at(from),
  end: null,
  recurrence: { starting: TODAY + from, rule: `FREQ=DAILY;INTERVAL=${days}`, days: 1, dayBeginsMs: 0 },
});
const seen = (...rows: LockRow[]) =>
  lockEvents(rows, window)
    .toSorted((a, b) => a.start - b.start)
    .map(({ start, status, sequence }) => `${start / DAY_MS - TODAY} ${status} ${sequence}`);

describe('of a lock that was edited, a feed has', () => {
  it('what was over by then as it held, what was to come as cancelled, and what was too far ahead not at all', () => {
    const rows = [version(1, -90, every(150, -310)), version(2, -5, every(1_000, 7))];
    expect(seen(...rows)).toEqual(['-10 confirmed 2', '7 confirmed 4', '140 cancelled 3', '290 cancelled 3']);
    // At the edit day 397 was 402 days ahead.
    const [first, next] = rows as [LockRow, LockRow];
    expect(seen({ ...first, ...every(150, -203) }, next).at(-1)).toBe('247 cancelled 3');
  });

  it('what several edits took away, each above what was there and below what may come back', () => {
    const rows = [version(1, -90, every(500, 10)), version(2, -9, every(500, 20))];
    expect(seen(...rows, version(3, -8, every(500, 10)))).toEqual(['10 confirmed 6', '20 cancelled 5']);
    expect(seen(...rows, version(3, -8, every(500, 30)))).toEqual([
      '10 cancelled 3',
      '20 cancelled 5',
      '30 confirmed 6',
    ]);
  });

  it('nothing of one span that was shortened and has left by its age, and the old one where the new is far ahead', () => {
    const long = version(1, -90, { start: at(-60), end: at(20) });
    expect(seen(long, version(2, -50, { start: at(-60), end: at(-40) }))).toEqual([]);
    expect(seen(long, version(2, -50, { start: at(500), end: at(510) }))).toEqual(['-60 cancelled 3']);
    expect(seen(long, version(2, -50, { start: at(5), end: at(6) }))).toEqual(['5 confirmed 4']);
  });

  it('all that was to come as cancelled once it is released', () => {
    const released = { released_by: 'vera', released_at: at(-1) };
    const rows = [version(1, -90, every(500, 10)), version(2, -9, every(500, 20))];
    expect(seen(...rows.map((row) => ({ ...row, ...released })))).toEqual([
      '10 cancelled 3',
      '20 cancelled 5',
    ]);
  });
});
