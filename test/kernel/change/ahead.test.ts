import { expect, it } from 'vitest';
import { aheadWord, type ComingDowntime, type ToldAhead } from '../../../src/kernel/change/ahead.ts';
import { fillText, PUBLIC_PLACES, wrongPlaces } from '../../../src/kernel/change/audience-text.ts';

const DAY = 86_400_000;
const AHEADS = [14 * DAY, 7 * DAY, 3 * DAY, DAY];
const START = 100 * DAY;
const slot = { start: START, end: START + 3_600_000 };
const scheduled: ComingDowntime = { fate: 'scheduled', slot, edition: 2 };
const told = (occasion: string, what: ToldAhead['what'] = 'ahead'): ToldAhead => ({
  what,
  occasion,
  edition: Number(occasion.split(':')[1]),
  slot,
});
const word = (change: Partial<ComingDowntime>, before: readonly ToldAhead[], daysLeft: number) =>
  aheadWord({ ...scheduled, ...change }, before, AHEADS, START - daysLeft * DAY)?.occasion ?? null;

it.each<readonly [string, readonly [Partial<ComingDowntime>, readonly ToldAhead[], number], string | null]>([
  ['before the first time', [{}, [], 14.01], null],
  ['at the first time, inclusive', [{}, [], 14], `ahead:2:${14 * DAY}`],
  ['a second time in the same stretch', [{}, [told(`ahead:2:${14 * DAY}`)], 8], null],
  ['at the next time', [{}, [told(`ahead:2:${14 * DAY}`)], 7], `ahead:2:${7 * DAY}`],
  ['when several times have passed: the nearest alone', [{}, [], 2], `ahead:2:${3 * DAY}`],
  ['an hour before', [{}, [], 0.04], `ahead:2:${DAY}`],
  ['when it has come', [{}, [], 0], null],
  ['of another slot than was told', [{}, [told(`ahead:1:${3 * DAY}`)], 2], `ahead:2:${3 * DAY}`],
  ['of what waits for its slot', [{ fate: 'pending', slot: null }, [], 2], null],
  ['of what never comes, and was told', [{ fate: 'never' }, [told(`ahead:2:${7 * DAY}`)], 5], 'off:2'],
  ['of what never comes, and nobody heard of', [{ fate: 'never' }, [], 5], null],
  [
    'a second time that it does not come',
    [{ fate: 'never' }, [told(`ahead:2:${DAY}`), told('off:2', 'off')], 1],
    null,
  ],
  [
    'of what has lost its slot, which may get another',
    [{ fate: 'pending', slot: null }, [told(`ahead:2:${7 * DAY}`)], 5],
    null,
  ],
  [
    'of what has lost its slot, a day before',
    [{ fate: 'pending', slot: null }, [told(`ahead:2:${7 * DAY}`)], 1],
    'off:2',
  ],
  [
    'of what was moved beyond all times, a day before',
    [{ slot: { start: START + 30 * DAY, end: START + 31 * DAY } }, [told(`ahead:1:${DAY}`)], 0.5],
    'off:1',
  ],
  ['of what has begun', [{ fate: 'begun' }, [told(`ahead:2:${DAY}`)], 0.5], null],
])('%s', (_, asked, expected) => {
  expect(word(...asked)).toBe(expected);
});

it('fills places in once, and finds those that are not for the public', () => {
  const values = {
    environment: '{id}',
    from: 'a',
    to: 'b',
    downtime: 'c',
    text: 'd',
    id: 'CHG-1',
    title: 'e',
  };
  expect(fillText('{environment} {from} {nothing}', values)).toBe('{id} a {nothing}');
  expect(wrongPlaces('{id} {from} {title} {}', PUBLIC_PLACES)).toEqual(['id', 'title', '']);
});
