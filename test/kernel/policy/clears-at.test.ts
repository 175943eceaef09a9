import { describe, expect, test } from 'vitest';
import { formatInstant, parseInstant } from '../../../src/kernel/calendar/instant.ts';
import { ask } from '../../kit/policy.ts';

function at(text: string): number {
  return parseInstant(text) ?? Number.NaN;
}

describe('clearsAt', () => {
  test.each([
    ['allowed-hours', 'ask', { change: { criticality: 'C2' } }, '2026-11-17T22:00:00Z'],
    ['in-slot', 'c3-start', { at: '2026-11-17T14:00:00Z' }, '2026-11-17T15:00:00Z'],
    [
      'soft-lock',
      'ask',
      { at: '2026-11-22T22:00:00Z', change: { criticality: 'C2', deployment: null } },
      '2026-11-23T09:00:00Z',
    ],
    [
      'hard-lock',
      'c1-step',
      {
        locks: [
          {
            id: 'L9',
            kind: 'hard',
            environments: ['illumidesk.com'],
            reason: 'x',
            start: '2026-11-17T22:25:00Z',
            end: '2026-11-18T09:00:00Z',
          },
        ],
      },
      '2026-11-18T09:00:00Z',
    ],
  ] as const)('of %s is when time alone clears it', (rule, base, patch, clears) => {
    const find = (instant: number | null) => {
      const moved = instant === null ? patch : { ...patch, at: formatInstant(instant) };
      return ask(base, moved).verdicts.find((one) => one.rule === rule);
    };
    expect(find(null)).toMatchObject({ verdict: 'deny', clearsAt: at(clears) });
    expect(find(at(clears) - 1)?.verdict).toBe('deny');
    expect(find(at(clears))?.verdict).toBe('pass');
  });

  test.each([
    [
      'a slot is proposed and does not move by waiting',
      'allowed-hours',
      'c1-schedule',
      { change: { slot: { start: '2026-11-18T05:00:00Z', end: '2026-11-18T06:01:00Z' } } },
    ],
    ['it is too late for the slot', 'in-slot', 'c3-start', { at: '2026-11-17T15:31:00Z' }],
    [
      'the slot is too short anyway',
      'in-slot',
      'c3-start',
      { at: '2026-11-17T14:00:00Z', change: { estimateMinutes: 90 } },
    ],
    ['metrics are dead', 'metrics-available', 'c3-start', { monitoring: { prometheus: 'fail' } }],
  ] as const)('is not there when %s', (_, rule, base, patch) => {
    const found = ask(base, patch).verdicts.find((one) => one.rule === rule);
    expect(found?.verdict).toBe('deny');
    expect(found).not.toHaveProperty('clearsAt');
  });
});
