import { describe, expect, test } from 'vitest';
import { formatInstant, parseInstant } from '../../../src/kernel/calendar/instant.ts';
import { ask, verdictOf } from '../../kit/policy.ts';

function at(text: string): number {
  return parseInstant(text) ?? Number.NaN;
}

/** A pipeline's question of no length, at an instant. */
function verdictAt(instant: number, rule: 'soft-lock' | 'hard-lock' | 'allowed-hours', change: object) {
  const none = { estimateMinutes: 0, rollbackMinutes: 0, deployment: null };
  return verdictOf(ask('ask', { at: formatInstant(instant), change: { ...none, ...change } }), rule);
}

const HISTORY = [
  ['soft-lock', '2019-12-24T09:00:00Z', '2019-12-25T09:00:00Z'],
  ['hard-lock', '2019-12-25T09:00:00Z', '2019-12-27T09:00:00Z'],
  ['soft-lock', '2019-12-27T09:00:00Z', '2020-01-01T09:00:00Z'],
  ['hard-lock', '2020-01-01T09:00:00Z', '2020-01-02T09:00:00Z'],
  ['hard-lock', '2020-03-21T09:00:00Z', '2020-03-29T09:00:00Z'],
] as const;

describe.each(HISTORY)('the %s from %s to %s', (rule, start, end) => {
  test.each([
    ['takes to the millisecond', at(start), 'deny'],
    ['does not take before', at(start) - 1, 'pass'],
    ['holds until the last millisecond', at(end) - 1, 'deny'],
    ['releases by itself', at(end), 'pass'],
  ])('%s', (_, instant, verdict) => {
    expect(verdictAt(instant, rule, { criticality: 'C2' })).toBe(verdict);
    expect(verdictAt(instant, rule, { criticality: 'C2', environment: 'ops.illumidesk.net' })).toBe(verdict);
  });
});

test('release day is the 22nd of every month from nine to nine, through 50 years', () => {
  for (let year = 2026; year < 2076; year += 1) {
    for (let month = 0; month < 12; month += 1) {
      const start = Date.UTC(year, month, 22, 9);
      const end = Date.UTC(year, month, 23, 9);
      const seen = [start - 1, start, end - 1, end].map((instant) =>
        verdictAt(instant, 'soft-lock', { criticality: 'C1' }),
      );
      expect(seen, formatInstant(start)).toEqual(['pass', 'deny', 'deny', 'pass']);
    }
  }
});

test('beyond the time for which recurrences are laid out, nobody knows', () => {
  expect(verdictAt(at('2149-12-22T12:00:00Z'), 'soft-lock', { criticality: 'C2' })).toBe('deny');
  expect(verdictAt(at('2150-01-22T12:00:00Z'), 'soft-lock', { criticality: 'C2' })).toBe('unknown');
  expect(verdictAt(at('1969-12-22T12:00:00Z'), 'hard-lock', { criticality: 'C4' })).toBe('unknown');
});

describe('the hours of C1 and C2', () => {
  test.each([
    ['2026-11-17T21:59:59.999Z', 'deny'],
    ['2026-11-17T22:00:00Z', 'pass'],
    ['2026-11-18T00:00:00Z', 'pass'],
    ['2026-11-18T05:59:59.999Z', 'pass'],
    ['2026-11-18T06:00:00Z', 'deny'],
    ['2028-02-28T23:00:00Z', 'pass'],
    ['2028-02-29T12:00:00Z', 'deny'],
    ['2028-02-29T22:00:00Z', 'pass'],
    ['2026-12-31T23:59:59.999Z', 'pass'],
    ['2027-01-01T06:00:00Z', 'deny'],
  ])('at %s say %s', (instant, verdict) => {
    expect(verdictAt(at(instant), 'allowed-hours', { criticality: 'C1' })).toBe(verdict);
    expect(verdictAt(at(instant), 'allowed-hours', { criticality: 'C2' })).toBe(verdict);
    expect(verdictAt(at(instant), 'allowed-hours', { criticality: 'C3' })).toBe('pass');
  });

  test('hold a change across the end of the year and of February, and none that is longer than they are', () => {
    for (const start of [
      '2026-12-31T22:00:00Z',
      '2028-02-28T22:00:00Z',
      '2028-02-29T22:00:00Z',
      '2027-02-28T22:00:00Z',
    ]) {
      expect(verdictAt(at(start), 'allowed-hours', { criticality: 'C2', estimateMinutes: 480 })).toBe('pass');
      expect(verdictAt(at(start), 'allowed-hours', { criticality: 'C2', estimateMinutes: 480.01 })).toBe(
        'deny',
      );
    }
  });
});

describe('limits of time', () => {
  test.each([
    [
      'a dry run of seven days is young enough',
      'c4-start',
      { change: { dryRun: { at: '2026-11-10T11:00:00Z' } } },
      'dry-run-attached',
      'pass',
    ],
    [
      'a millisecond older is not',
      'c4-start',
      { change: { dryRun: { at: '2026-11-10T10:59:59.999Z' } } },
      'dry-run-attached',
      'deny',
    ],
    [
      'at schedule its age does not matter',
      'c1-schedule',
      { change: { dryRun: { at: '2026-01-10T10:00:00Z' } } },
      'dry-run-attached',
      'pass',
    ],
    [
      'a dry run of the future has not happened',
      'c1-schedule',
      { change: { dryRun: { at: '2026-11-16T17:00:00.001Z' } } },
      'dry-run-attached',
      'deny',
    ],
    [
      'the EOC was seen five minutes ago',
      'c1-start',
      { change: { eocSeen: { at: '2026-11-17T22:05:00Z' } } },
      'eoc-engaged',
      'pass',
    ],
    [
      'and a millisecond more',
      'c1-start',
      { change: { eocSeen: { at: '2026-11-17T22:04:59.999Z' } } },
      'eoc-engaged',
      'deny',
    ],
    [
      'the EOC will have been seen',
      'c1-start',
      { change: { eocSeen: { at: '2026-11-17T22:10:00.001Z' } } },
      'eoc-engaged',
      'deny',
    ],
    ['the slot ends as the rollback would', 'c3-start', { at: '2026-11-17T15:30:00Z' }, 'in-slot', 'pass'],
    ['a millisecond too late', 'c3-start', { at: '2026-11-17T15:30:00.001Z' }, 'in-slot', 'deny'],
    ['the slot begins now', 'c3-start', { at: '2026-11-17T15:00:00Z' }, 'in-slot', 'pass'],
    [
      'the run is a millisecond before its slot ends',
      'c1-step',
      { at: '2026-11-17T23:29:59.999Z' },
      'overrun',
      'pass',
    ],
    ["the run is at its slot's end", 'c1-step', { at: '2026-11-17T23:30:00Z' }, 'overrun', 'warn'],
    [
      'the blind window ends in a millisecond',
      'c1-step',
      {
        change: { blind: { parts: ['thanos'], until: '2026-11-17T22:30:00.001Z' } },
        monitoring: { thanos: 'fail' },
      },
      'metrics-available',
      'pass',
    ],
    [
      'a blind window at the start covers nothing',
      'c1-start',
      {
        change: { blind: { parts: ['thanos'], until: '2026-11-17T23:00:00Z' } },
        monitoring: { thanos: 'fail' },
      },
      'metrics-available',
      'deny',
    ],
    [
      'a veto of the future',
      'c3-start',
      { vetoes: [{ by: 'cora', change: '*', at: '2026-11-17T15:10:00.001Z' }] },
      'eoc-veto',
      'pass',
    ],
    [
      'a veto that will be lifted',
      'c3-start',
      {
        vetoes: [
          { by: 'cora', change: '*', at: '2026-11-17T15:00:00Z', liftedAt: '2026-11-17T15:10:00.001Z' },
        ],
      },
      'eoc-veto',
      'deny',
    ],
    [
      'a veto lifted now',
      'c3-start',
      { vetoes: [{ by: 'cora', change: '*', at: '2026-11-17T15:00:00Z', liftedAt: '2026-11-17T15:10:00Z' }] },
      'eoc-veto',
      'pass',
    ],
    [
      'a veto lifted before it was made',
      'c3-start',
      { vetoes: [{ by: 'cora', change: '*', at: '2026-11-17T15:00:00Z', liftedAt: '2026-11-17T14:00:00Z' }] },
      'eoc-veto',
      'deny',
    ],
    [
      'an announcement of the future',
      'c2-start',
      { change: { announcedAt: '2026-11-17T22:10:00.001Z' } },
      'announced',
      'deny',
    ],
    [
      'joining the Situation Room later',
      'c1-start',
      { change: { situationRoomJoinedAt: '2026-11-17T22:10:00.001Z' } },
      'eoc-verbal',
      'deny',
    ],
  ] as const)('%s', (...[, base, patch, rule, verdict]) => {
    expect(verdictOf(ask(base, patch), rule)).toBe(verdict);
  });
});
