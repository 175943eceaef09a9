import type { Calendar, CalendarLock, CalendarSlot } from '../../../src/contract/calendar.ts';
import type { Range } from './search.ts';

const DAY_MS = 86_400_000;

/** What lies on a day in UTC: whole, however much of it is drawn. */
export interface Day {
  readonly dayMs: number;
  readonly locks: readonly CalendarLock[];
  readonly slots: readonly CalendarSlot[];
}

/** Every day of the range with what touches it, by start; one look over all that there is. */
export function daysOf(calendar: Pick<Calendar, 'locks' | 'slots'>, { from, to }: Range): readonly Day[] {
  const days = Array.from({ length: Math.round((to - from) / DAY_MS) }, (_, index) => ({
    dayMs: from + index * DAY_MS,
    locks: [] as CalendarLock[],
    slots: [] as CalendarSlot[],
  }));
  const each = (start: string, end: string, put: (day: (typeof days)[number]) => void) => {
    const first = Math.max(0, Math.floor((Date.parse(start) - from) / DAY_MS));
    const last = Math.ceil((Date.parse(end) - from) / DAY_MS);
    for (const day of days.slice(first, Math.max(last, 0))) put(day);
  };
  for (const lock of calendar.locks) each(lock.start, lock.end, ({ locks }) => locks.push(lock));
  for (const slot of calendar.slots) each(slot.start, slot.end, ({ slots }) => slots.push(slot));
  return days;
}

/** How much of a day is drawn on its hours. */
export interface Room {
  /** Side by side. */
  readonly lanes: number;
  readonly slots: number;
}

export const ROOM: Readonly<Record<'week' | 'day', Room>> = {
  week: { lanes: 3, slots: 24 },
  day: { lanes: 8, slots: 100 },
};

/** How many slots of each day there is no room for, by the day's first instant; days with room for all are left out. */
export function leftOf(
  calendar: Pick<Calendar, 'locks' | 'slots'>,
  {
    view,
    range,
    conflicts,
  }: { readonly view: 'week' | 'day'; readonly range: Range; readonly conflicts: ReadonlySet<string> },
): ReadonlyMap<number, number> {
  return new Map(
    daysOf(calendar, range)
      .map((day) => [day.dayMs, day.slots.length - roomFor(day, ROOM[view], conflicts).length] as const)
      .filter(([, left]) => left > 0),
  );
}

/** The slots of a day that there is room for, the earlier ones first; what runs and what is in conflict has room before others. */
export function roomFor(
  { slots }: Pick<Day, 'slots'>,
  { lanes, slots: most }: Room,
  conflicts: ReadonlySet<string>,
): readonly CalendarSlot[] {
  const urgent = ({ change, state }: CalendarSlot) => state === 'in-progress' || conflicts.has(change);
  const ordered = [...slots.filter(urgent), ...slots.filter((slot) => !urgent(slot))];
  const drawn = new Set<CalendarSlot>();
  // One after another over the whole day: where much begins early, the evening does not look free.
  for (let lane = 0; lane < lanes; lane += 1) {
    const taken: CalendarSlot[] = [];
    for (const slot of ordered) {
      if (drawn.size === most) break;
      if (drawn.has(slot) || taken.some(({ start, end }) => slot.start < end && start < slot.end)) continue;
      taken.push(slot);
      drawn.add(slot);
    }
  }
  return [...drawn];
}
