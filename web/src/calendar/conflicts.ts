import type { CalendarSlot } from '../../../src/contract/calendar.ts';
import { conflicting, metBy, type Planned } from '../../../src/kernel/calendar/meeting.ts';
import type { Range } from './search.ts';

interface PlannedSlot extends Planned {
  readonly slot: CalendarSlot;
}

/** Changes of a calendar that meet another one on their service. */
export function conflictsOf(slots: readonly CalendarSlot[]): ReadonlySet<string> {
  return conflicting(slots.map(planned));
}

/** Other changes that a slot would meet, if it lay there. */
export function metAt(
  slots: readonly CalendarSlot[],
  one: CalendarSlot,
  { from, to }: Range,
): readonly CalendarSlot[] {
  return metBy(slots.map(planned), { ...planned(one), start: from, end: to }).map(({ slot }) => slot);
}

function planned(slot: CalendarSlot): PlannedSlot {
  const { change, state, environment, services } = slot;
  return {
    slot,
    change,
    state,
    environment,
    services,
    start: Date.parse(slot.start),
    end: Date.parse(slot.end),
  };
}
