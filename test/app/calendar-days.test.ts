import { expect, it } from 'vitest';
import { daysOf } from '../../src/app/calendar/days.ts';
import type { SlotRow } from '../../src/store/slots.ts';

const HOUR_MS = 3_600_000;
const from = Date.parse('2026-11-17T00:00:00Z');
const slot = (id: string, start: number, end: number, more: Partial<SlotRow> = {}): SlotRow => ({
  id,
  title: 'Raise a limit',
  state: 'scheduled',
  environment: 'illumidesk.com',
  services: [id],
  criticality: 'C2',
  executor: 'ben',
  start: new Date(from + start * HOUR_MS),
  end: new Date(from + end * HOUR_MS),
  accepted: true,
  held: true,
  version: 1n,
  changed_at: new Date(from),
  ...more,
});

it('shows the first few of each day, what is urgent before others, and counts all', () => {
  const slots = [
    slot('began-before', -2, 1, { state: 'complete' }),
    slot('pencilled', 1, 2, { accepted: false }),
    slot('accepted', 3, 4),
    slot('one', 5, 7, { services: ['db'] }),
    slot('other', 6, 8, { services: ['db'] }),
    slot('running', 9, 10, { state: 'in-progress' }),
    // It ends as the third day begins, and is none of it.
    slot('over-midnight', 23, 48),
  ];
  const days = daysOf(slots, { from, to: from + 72 * HOUR_MS, most: 6 });
  expect(
    days.map(({ day, slots: shown, slotCount, inConflict }) => ({
      day,
      slotCount,
      inConflict,
      shown: shown.map((one) => `${one.change}${one.inConflict ? ' ▲' : ''}`),
    })),
  ).toEqual([
    {
      day: '2026-11-17',
      slotCount: 7,
      inConflict: 2,
      shown: ['running', 'one ▲', 'other ▲', 'accepted', 'over-midnight', 'pencilled'],
    },
    { day: '2026-11-18', slotCount: 1, inConflict: 0, shown: ['over-midnight'] },
    { day: '2026-11-19', slotCount: 0, inConflict: 0, shown: [] },
  ]);
});
