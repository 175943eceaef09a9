import type { EventInput } from '@fullcalendar/react';
import type { Calendar, CalendarSlot } from '../../../src/contract/calendar.ts';
import type { Criticality } from '../../../src/kernel/policy/facts.ts';
import { daysOf, ROOM, roomFor } from './days.ts';
import type { Range, View } from './search.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 1_440 * MINUTE_MS;
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

export function slotLook(slot: CalendarSlot, conflicts: ReadonlySet<string>): EventLook {
  if (slot.state === 'in-progress') return 'running';
  if (slot.state === 'complete' || slot.state === 'aborted') return 'over';
  if (conflicts.has(slot.change)) return 'conflict';
  return slot.accepted ? 'slot' : 'pencilled';
}

/** The times of the range at which a change of a criticality may not run. */
export function closedSpans(
  calendar: Calendar,
  criticality: Criticality,
  { from, to }: Range,
): readonly Range[] {
  const hours = calendar.hours[criticality];
  if (hours === undefined) return [];
  const open: Range[] = [];
  for (let day = from - DAY_MS; day < to; day += DAY_MS) {
    for (const { start, end } of hours) {
      const [begins, ends] = [msOf(start), msOf(end)];
      open.push({ from: day + begins, to: day + (ends > begins ? ends : ends + DAY_MS) });
    }
  }
  const closed: Range[] = [];
  let at = from;
  for (const span of open.toSorted((a, b) => a.from - b.from)) {
    if (span.from > at) closed.push({ from: at, to: Math.min(span.from, to) });
    at = Math.max(at, span.to);
  }
  if (at < to) closed.push({ from: at, to });
  return closed.filter((span) => span.to > span.from);
}

/** `09:30` or `24:00`, in milliseconds of the day. */
function msOf(clock: string): number {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number);
  return (hours * 60 + minutes) * MINUTE_MS;
}

interface Drawing {
  readonly view: Exclude<View, 'month'>;
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
export function slotText({ change, title }: CalendarSlot, conflicts: ReadonlySet<string>): string {
  return `${conflicts.has(change) ? '▲ ' : ''}${change} ${title}`;
}

/** What there is room for on the hours of a day or a week, as FullCalendar takes it. */
export function eventsOf(calendar: Calendar, drawing: Drawing): EventInput[] {
  const { view, range, criticality, conflicts, classOf } = drawing;
  const days = daysOf(calendar, range);
  const drawn = new Set(days.flatMap((day) => roomFor(day, ROOM[view], conflicts)));
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
    ...[...drawn].map((slot) => ({
      id: slot.change,
      title: slotText(slot, conflicts),
      start: slot.start,
      end: slot.end,
      display: 'block',
      editable: mayMove(slot),
      interactive: true,
      class: classOf(slotLook(slot, conflicts)),
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
