import type { EventInput } from '@fullcalendar/react';
import type { Calendar, CalendarSlot } from '../../../src/contract/calendar.ts';
import type { Criticality } from '../../../src/kernel/policy/facts.ts';
import { closedSpans } from './hours.ts';
import type { Range } from './search.ts';

const MINUTE_MS = 60_000;
/** A change of shift is an instant; so long it is drawn. */
const SHIFT_MS = 30 * MINUTE_MS;

/** How what is on the calendar looks: names of classes of `calendar.module.css`. */
export type EventLook =
  | 'closed'
  | 'hardLock'
  | 'softLock'
  | 'slot'
  | 'pencilled'
  | 'running'
  | 'over'
  | 'conflict'
  | 'shift'
  | 'gap';

export function slotLook(slot: CalendarSlot, inConflict: boolean): EventLook {
  if (slot.state === 'in-progress') return 'running';
  if (slot.state === 'complete' || slot.state === 'aborted') return 'over';
  if (inConflict) return 'conflict';
  return slot.accepted ? 'slot' : 'pencilled';
}

interface Drawing {
  /** What there is room for. */
  readonly slots: ReadonlySet<CalendarSlot>;
  readonly range: Range;
  readonly criticality: Criticality;
  readonly conflicts: ReadonlySet<string>;
  readonly classOf: (look: EventLook) => string;
}

/** Whether a slot may lie elsewhere still. Whose it is only the server knows: it says so when it is asked. */
export function mayMove({ state }: Pick<CalendarSlot, 'state'>): boolean {
  return state === 'scheduled' || state === 'unscheduled';
}

/** What a slot is called on the calendar. */
export function slotText({ change, title }: CalendarSlot, inConflict: boolean): string {
  return `${inConflict ? '▲ ' : ''}${change} ${title}`;
}

/** What is drawn on the hours of a day or a week, as FullCalendar takes it. */
export function eventsOf(calendar: Calendar, drawing: Drawing): EventInput[] {
  const { slots, range, criticality, conflicts, classOf } = drawing;
  const background = ({ from, to }: Range, look: EventLook) => ({
    id: `${look} ${from}`,
    start: new Date(from).toISOString(),
    end: new Date(to).toISOString(),
    display: 'background',
    class: classOf(look),
  });
  return [
    ...closedSpans(calendar, criticality, range).map((span) => background(span, 'closed')),
    ...calendar.locks.map(({ id, kind, reason, start, end }) => ({
      ...background(
        { from: Date.parse(start), to: Date.parse(end) },
        kind === 'hard' ? 'hardLock' : 'softLock',
      ),
      id: `lock ${id} ${start}`,
      title: `${kind} lock: ${reason}`,
    })),
    ...shiftEvents(calendar, range, classOf),
    ...[...slots].map((slot) => ({
      id: slot.change,
      title: slotText(slot, conflicts.has(slot.change)),
      start: slot.start,
      end: slot.end,
      display: 'block',
      editable: mayMove(slot),
      interactive: true,
      class: classOf(slotLook(slot, conflicts.has(slot.change))),
    })),
  ];
}

function shiftEvents(calendar: Calendar, { from }: Range, classOf: Drawing['classOf']): EventInput[] {
  const at = (start: string, title: string, look: EventLook) => ({
    id: `${title} ${start}`,
    title,
    start,
    end: new Date(Date.parse(start) + SHIFT_MS).toISOString(),
    display: 'block',
    editable: false,
    interactive: false,
    class: classOf(look),
  });
  // What began before is no change of this time.
  const begins = ({ start }: { readonly start: string }) => Date.parse(start) > from;
  return [
    ...calendar.shifts
      .filter(begins)
      .map(({ rota, person, start }) => at(start, `${rota.toUpperCase()}: ${person}`, 'shift')),
    ...calendar.gaps
      .filter(begins)
      .map(({ rota, start }) => at(start, `${rota.toUpperCase()}: nobody`, 'gap')),
  ];
}
