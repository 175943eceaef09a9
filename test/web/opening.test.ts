import { describe, expect, it } from 'vitest';
import type { CalendarLock } from '../../src/contract/calendar.ts';
import { slotOver } from '../../web/src/calendar/opening.ts';

const at = (text: string) => Date.parse(`2026-11-${text}:00Z`);
const [day, next, now] = [at('17T00:00'), at('18T00:00'), at('16T12:00')];
const hours = {
  C1: [{ start: '08:00', end: '20:00' }],
  C2: [],
  C3: [{ start: '22:00', end: '02:00' }],
  C4: [{ start: '00:00', end: '00:00' }],
};
const lock = (kind: 'hard' | 'soft', start: string, end: string): CalendarLock => ({
  id: 'LOCK-1',
  kind,
  origin: 'server',
  environments: ['illumidesk.com'],
  reason: 'fair',
  releaseDay: false,
  start: `2026-11-${start}:00Z`,
  end: `2026-11-${end}Z`,
});
const over = (wish: Partial<Parameters<typeof slotOver>[1]>, locks: readonly CalendarLock[] = []) => {
  const all = { firstDay: day, lastDay: day, criticality: 'C1' as const, environment: '', now, ...wish };
  const slot = slotOver({ hours, locks: [...locks] }, all);
  return slot && [slot.from, slot.to].map((ms) => new Date(ms).toISOString().slice(8, 16)).join(' ');
};

describe('a slot that is drawn on the month', () => {
  it.each([
    ['begins with the hours of the day', {}, [], '17T08:00 17T09:00'],
    ['begins with the day where any hour will do', { criticality: 'C4' }, [], '17T00:00 17T01:00'],
    ['lies in hours that began the day before', { criticality: 'C3' }, [], '17T00:00 17T01:00'],
    [
      'waits for a lock to end, till the quarter',
      {},
      [lock('hard', '17T07:00', '17T09:20:31')],
      '17T09:30 17T10:30',
    ],
    [
      'is let by a soft lock of the whole day, not by a hard one in it',
      {},
      [lock('soft', '16T00:00', '19T00:00:00'), lock('hard', '17T08:30', '17T10:00:00')],
      '17T10:00 17T11:00',
    ],
    [
      'lies within the hours where all of the day is locked',
      {},
      [lock('hard', '16T00:00', '19T00:00:00')],
      '17T08:00 17T09:00',
    ],
    ['begins with the day where it has no hours', { criticality: 'C2' }, [], '17T00:00 17T01:00'],
    [
      'knows no lock of another environment',
      { environment: 'x' },
      [lock('hard', '17T07:00', '17T09:00:00')],
      '17T08:00 17T09:00',
    ],
    ['begins today not before now', { now: at('17T13:07') }, [], '17T13:15 17T14:15'],
    [
      'lasts over several days until the hours of the last one end',
      { lastDay: next },
      [],
      '17T08:00 18T20:00',
    ],
    [
      'lasts until midnight where hours run on',
      { lastDay: next, criticality: 'C4' },
      [],
      '17T00:00 19T00:00',
    ],
    [
      'begins today where it was drawn from a day that is over',
      { lastDay: next, now: at('18T09:00') },
      [],
      '18T09:00 18T10:00',
    ],
    ['is none on days that are over', { now: at('18T00:00') }, [], null],
  ] as const)('%s', (_what, wish, locks, expected) => {
    expect(over(wish, locks)).toBe(expected);
  });
});
