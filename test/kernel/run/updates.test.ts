import { expect, it } from 'vitest';
import { updatesDue, type Audience, type SentUpdate, type Told } from '../../../src/kernel/run/updates.ts';

const MIN = 60_000;
const SUPPORT: Audience = { audience: 'support', everyMs: 30 * MIN };
const STAFF: Audience = { audience: 'executive-staff', everyMs: null };
const live: Told = { startedAt: 0, endedAt: null };
const at = (...minutes: number[]): SentUpdate[] =>
  minutes.map((minute) => ({ audience: 'support', at: minute * MIN }));

it.each<[string, Audience, SentUpdate[], Told, number, [string, number, boolean] | null]>([
  ['before the start nothing is due', SUPPORT, [], { startedAt: null, endedAt: null }, 0, null],
  ['the start is due as it starts', SUPPORT, [], live, 0, ['start', 0, false]],
  ['and late right after', SUPPORT, [], live, 1, ['start', 0, true]],
  [
    'a word before the start counts for it, the interval from the start',
    SUPPORT,
    at(-20),
    live,
    29,
    ['update', 30, false],
  ],
  ['an interval begins with the last word', SUPPORT, at(0, 25), live, 54, ['update', 55, false]],
  ['at the end of it nothing is late yet', SUPPORT, at(0, 25), live, 55, ['update', 55, false]],
  ['after it the word is late', SUPPORT, at(0, 25), live, 56, ['update', 55, true]],
  [
    'without an interval nothing is due in between',
    STAFF,
    [{ audience: 'executive-staff', at: 0 }],
    live,
    900,
    null,
  ],
  ['a word to another audience is none to this', STAFF, at(0), live, 1, ['start', 0, true]],
  [
    'the end is due as it ends',
    SUPPORT,
    at(0, 25),
    { startedAt: 0, endedAt: 40 * MIN },
    41,
    ['end', 40, true],
  ],
  ['a word at the end or after is it', SUPPORT, at(0, 40), { startedAt: 0, endedAt: 40 * MIN }, 900, null],
])('%s', (_, ...[audience, sent, run, now, wanted]) => {
  const [only] = updatesDue([audience], sent, run, now * MIN);
  expect(only ? [only.what, only.dueAt / MIN, only.late] : null).toEqual(wanted);
});

it('an audience that is named twice waits once, for the shorter interval', () => {
  const twice = [SUPPORT, { ...SUPPORT, everyMs: 10 * MIN }, { ...SUPPORT, everyMs: null }];
  expect(updatesDue(twice, at(0), live, 5 * MIN)).toEqual([
    { audience: 'support', what: 'update', dueAt: 10 * MIN, late: false },
  ]);
});
