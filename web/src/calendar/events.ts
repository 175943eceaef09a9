import type { EventInput } from '@fullcalendar/react';
import type { Calendar, CalendarSlot } from '../../../src/contract/calendar.ts';
import type { Criticality } from '../../../src/kernel/policy/facts.ts';
import type { Range } from './search.ts';

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

/** Changes that share a service of an environment at the same time, in pairs of them. */
export function conflicting(slots: readonly CalendarSlot[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (const [index, one] of slots.entries()) {
    for (const other of slots.slice(index + 1)) {
      if (!meets(one, other)) continue;
      found.add(one.change);
      found.add(other.change);
    }
  }
  return found;
}

function meets(one: CalendarSlot, other: CalendarSlot): boolean {
  return (
    one.environment === other.environment &&
    one.services.some((service) => other.services.includes(service)) &&
    Date.parse(one.start) < Date.parse(other.end) &&
    Date.parse(other.start) < Date.parse(one.end)
  );
}

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
  readonly range: Range;
  readonly criticality: Criticality;
  /** Whether hours are drawn at all: a month has none. */
  readonly hours: boolean;
  readonly classOf: (look: EventLook) => string;
  readonly mayMove: (slot: CalendarSlot) => boolean;
}

/** Everything on the calendar as FullCalendar takes it. */
export function eventsOf(
  calendar: Calendar,
  { range, criticality, hours, classOf, mayMove }: Drawing,
): EventInput[] {
  const conflicts = conflicting(calendar.slots);
  const locks = calendar.locks.map((lock) => ({
    id: `lock ${lock.id} ${lock.start}`,
    title: `${lock.kind} lock: ${lock.reason}`,
    start: lock.start,
    end: lock.end,
    display: hours ? 'background' : 'block',
    editable: false,
    class: classOf(lock.kind === 'hard' ? 'hardLock' : 'softLock'),
  }));
  const slots = calendar.slots.map((slot) => ({
    id: slot.change,
    title: `${conflicts.has(slot.change) ? '▲ ' : ''}${slot.change} ${slot.title}`,
    start: slot.start,
    end: slot.end,
    display: 'block',
    editable: mayMove(slot),
    class: classOf(slotLook(slot, conflicts)),
  }));
  if (!hours) return [...locks, ...slots];
  const closed = closedSpans(calendar, criticality, range).map(({ from, to }) => ({
    id: `closed ${from}`,
    start: new Date(from).toISOString(),
    end: new Date(to).toISOString(),
    display: 'background',
    class: classOf('closed'),
  }));
  return [...closed, ...locks, ...shiftEvents(calendar, range, classOf), ...slots];
}

function shiftEvents(calendar: Calendar, { from }: Range, classOf: Drawing['classOf']): EventInput[] {
  const at = (start: string, title: string, look: EventLook) => ({
    id: `${title} ${start}`,
    title,
    start,
    end: new Date(Date.parse(start) + SHIFT_MS).toISOString(),
    display: 'block',
    editable: false,
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
