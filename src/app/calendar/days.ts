import type { CalendarDay } from '../../contract/calendar.ts';
import { DAY_MS } from '../../kernel/calendar/hours.ts';
import { formatInstant } from '../../kernel/calendar/instant.ts';
import { conflicting } from '../../kernel/calendar/meeting.ts';
import type { ChangeState } from '../../kernel/change/state.ts';
import type { SlotRow } from '../../store/slots.ts';
import { slotView } from './slot-view.ts';

interface DaysWanted {
  /** Whole days, epoch milliseconds, half open. */
  readonly from: number;
  readonly to: number;
  /** So many slots of a day are shown. */
  readonly most: number;
}

/** Every day with the first few of the slots that touch it, and how many do; slots come by their start. */
export function daysOf(slots: readonly SlotRow[], { from, to, most }: DaysWanted): CalendarDay[] {
  const conflicts = conflicting(
    slots.map(({ id: change, start, end, ...slot }) => ({
      ...slot,
      change,
      start: start.getTime(),
      end: end.getTime(),
    })),
  );
  const days = Array.from({ length: (to - from) / DAY_MS }, () => [] as SlotRow[]);
  for (const slot of slots) {
    const first = Math.max(0, Math.floor((slot.start.getTime() - from) / DAY_MS));
    const end = Math.ceil((slot.end.getTime() - from) / DAY_MS);
    for (let day = first; day < Math.min(end, days.length); day += 1) days[day]?.push(slot);
  }
  return days.map((those, index) => ({
    day: formatInstant(from + index * DAY_MS).slice(0, 10),
    slots: firstOf(those, conflicts)
      .slice(0, most)
      .map((slot) => ({ ...slotView(slot), inConflict: conflicts.has(slot.id) })),
    slotCount: those.length,
    inConflict: those.filter(({ id }) => conflicts.has(id)).length,
  }));
}

/** What runs, then what is in conflict, then what is to come, then what is over. */
function firstOf(slots: readonly SlotRow[], conflicts: ReadonlySet<string>): readonly SlotRow[] {
  const rank = ({ id, state, accepted }: SlotRow): number => {
    if (state === 'in-progress') return 0;
    if (ENDED.has(state)) return 4;
    if (conflicts.has(id)) return 1;
    return accepted ? 2 : 3;
  };
  const ranked = Map.groupBy(slots, rank);
  return [0, 1, 2, 3, 4].flatMap((one) => ranked.get(one) ?? []);
}

const ENDED: ReadonlySet<ChangeState> = new Set(['complete', 'aborted']);
