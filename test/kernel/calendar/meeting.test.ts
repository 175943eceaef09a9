import { describe, expect, it } from 'vitest';
import { conflicting, metBy, type Planned } from '../../../src/kernel/calendar/meeting.ts';

const slot = (change: string, start: number, end: number, more: Partial<Planned> = {}): Planned => ({
  change,
  state: 'scheduled',
  environment: 'illumidesk.com',
  services: ['db'],
  start,
  end,
  ...more,
});
const long = slot('CHG-1', 0, 10);

describe('slots that meet', () => {
  it.each([
    ['at the same time on the same service', [long, slot('CHG-2', 2, 4)], ['CHG-1', 'CHG-2']],
    ['one after another', [long, slot('CHG-2', 10, 12)], []],
    ['on other services', [long, slot('CHG-2', 2, 4, { services: ['mail', 'web'] })], []],
    [
      'on one service of several',
      [long, slot('CHG-2', 2, 4, { services: ['mail', 'db'] })],
      ['CHG-1', 'CHG-2'],
    ],
    ['elsewhere', [long, slot('CHG-2', 2, 4, { environment: 'ops.illumidesk.net' })], []],
    ['that has ended', [long, slot('CHG-2', 2, 4, { state: 'complete' })], []],
    [
      'inside one that lasts longer than its neighbour',
      [slot('CHG-3', 6, 8), long, slot('CHG-2', 2, 4)],
      ['CHG-1', 'CHG-2', 'CHG-3'],
    ],
  ])('%s', (_what, slots, expected) => {
    expect([...conflicting(slots)].toSorted()).toEqual(expected);
    const [one, ...others] = slots.toSorted((a, b) => a.change.localeCompare(b.change));
    expect(metBy(slots, one ?? long).length).toBe(expected.length === 0 ? 0 : others.length);
  });
});
