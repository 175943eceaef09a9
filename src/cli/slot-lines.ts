import type { SlotReport } from '../contract/calendar.ts';

/** What there is to know of a slot, a line each. */
export function reportLines({ conflicts, warnings }: SlotReport): string[] {
  return [
    ...conflicts.map(
      ({ change, title, start, end, executor, accepted }) =>
        `  on the same service: ${change} ${title}, ${start} to ${end}, ${executor}${accepted ? '' : ', pencilled in'}`,
    ),
    ...warnings.map(({ text }) => `  mind: ${text}`),
  ];
}

/** The next openings of the slot's length. */
export function openingLines({ openings }: SlotReport): string[] {
  if (openings.length === 0) return ['no opening of this length'];
  return [
    'openings of this length:',
    ...openings.map(({ first, last }) =>
      first === last ? `  start at ${first}` : `  start from ${first} until ${last}`,
    ),
  ];
}
