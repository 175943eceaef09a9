import type { CalendarSlot } from '../../../src/contract/calendar.ts';
import type { Range } from './search.ts';

const DAY_MS = 86_400_000;

interface Spanning {
  readonly start: string;
  readonly end: string;
}

/** What touches each day of a range in UTC, in the order that it comes in; one look over all that there is. */
export function byDay<T extends Spanning>(all: readonly T[], { from, to }: Range): readonly (readonly T[])[] {
  const days = Array.from({ length: Math.round((to - from) / DAY_MS) }, () => [] as T[]);
  for (const one of all) {
    const first = Math.max(0, Math.floor((Date.parse(one.start) - from) / DAY_MS));
    const end = Math.ceil((Date.parse(one.end) - from) / DAY_MS);
    for (let day = first; day < Math.min(end, days.length); day += 1) days[day]?.push(one);
  }
  return days;
}

/** How much of a day is drawn on its hours. */
interface Room {
  /** Side by side. */
  readonly lanes: number;
  readonly slots: number;
}

const ROOM: Readonly<Record<'week' | 'day', Room>> = {
  week: { lanes: 3, slots: 24 },
  day: { lanes: 8, slots: 100 },
};

/** What is drawn of a calendar's slots. */
export interface Drawn {
  readonly slots: ReadonlySet<CalendarSlot>;
  /** How many of each day there is no room for, by the day's first instant; days with room for all are left out. */
  readonly left: ReadonlyMap<number, number>;
}

interface Drawing {
  readonly view: 'week' | 'day';
  readonly range: Range;
  readonly conflicts: ReadonlySet<string>;
}

/** The slots that there is room for on the hours, and how many are left of each day. */
export function drawnOf(slots: readonly CalendarSlot[], { view, range, conflicts }: Drawing): Drawn {
  const drawn = new Set<CalendarSlot>();
  const left = new Map<number, number>();
  for (const [index, those] of byDay(slots, range).entries()) {
    const shown = roomFor(those, ROOM[view], conflicts);
    for (const slot of shown) drawn.add(slot);
    if (shown.length < those.length) left.set(range.from + index * DAY_MS, those.length - shown.length);
  }
  return { slots: drawn, left };
}

/** The slots of a day that there is room for, the earlier ones first; what runs and what is in conflict has room before others. */
function roomFor(
  slots: readonly CalendarSlot[],
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
