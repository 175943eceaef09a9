import { expandRecurringEvent, sync, type EventInstance, type ParameterValue, type VEvent } from 'node-ical';
import type { ShiftEvent } from '../../app/ports/shift-calendar.ts';
import { dayBegins, isZone, withZones } from './zones.ts';

export interface EventsQuestion {
  readonly text: string;
  readonly zone: string | null;
  readonly from: number;
  readonly to: number;
}

/** More is no rota. */
const MOST_EVENTS = 5_000;

/**
 * The events of an iCalendar text that touch a span, what recurs laid out: exceptions, moved and cancelled instances, zones, whole
 * days. An event whose time cannot be told says why.
 *
 * @throws {Error} where the text is no calendar.
 */
export function eventsIn({ text, zone, from, to }: EventsQuestion): ShiftEvent[] {
  if (!/^\uFEFF?BEGIN:VCALENDAR\b/i.test(text) || !/^END:VCALENDAR\b/im.test(text))
    throw new Error('expected an iCalendar file, whole, got something else');
  const parsed = sync.parseICS(withZones(text, zone));
  const found: ShiftEvent[] = [];
  for (const component of Object.values(parsed)) {
    if (component?.type !== 'VEVENT') continue;
    found.push(...laidOut(component, { zone, from, to }));
    if (found.length > MOST_EVENTS) throw new Error(`expected at most ${MOST_EVENTS} events, got more`);
  }
  return found;
}

type Span = Omit<EventsQuestion, 'text'>;

function laidOut(event: VEvent, { zone, from, to }: Span): ShiftEvent[] {
  const unread = unreadable(event);
  if (unread !== null) return isCancelled(event) ? [] : [{ ...who(event), span: null, because: unread }];
  const range = { from: new Date(from), to: new Date(to), expandOngoing: true };
  return expandRecurringEvent(event, range)
    .filter((instance) => !isCancelled(instance.event))
    .map((instance) => shiftOf(instance, zone))
    .filter(({ span }) => span === null || (span.end > from && span.start < to));
}

function shiftOf(instance: EventInstance, zone: string | null): ShiftEvent {
  const { event, start, end, isFullDay } = instance;
  const unread = unreadable(event);
  if (unread !== null) return { ...who(event), span: null, because: unread };
  const span = isFullDay
    ? { start: dayOf(start, zone), end: dayOf(end, zone) }
    : { start: start.getTime(), end: end.getTime() };
  if (!(span.end > span.start)) return { ...who(event), span: null, because: 'it has no length' };
  return { ...who(event), span, because: null };
}

/** The library gives a whole day as midnight of this process: its calendar day is what was written. */
function dayOf(date: Date, zone: string | null): number {
  const day = { year: date.getFullYear(), month: date.getMonth() + 1, day: date.getDate() };
  return dayBegins(day, zone ?? 'UTC');
}

function unreadable({ start, datetype }: Pick<VEvent, 'start' | 'datetype'>): string | null {
  if (!(start instanceof Date) || Number.isNaN(start.getTime())) return 'its start cannot be read';
  if (datetype === 'date') return null;
  return start.tz !== undefined && isZone(start.tz) ? null : 'its time names no zone that is known';
}

function isCancelled({ status }: Pick<VEvent, 'status'>): boolean {
  return status?.toUpperCase() === 'CANCELLED';
}

function who({ summary, attendee }: Pick<VEvent, 'summary' | 'attendee'>) {
  const attendees = attendee === undefined ? [] : [attendee].flat();
  return {
    summary: textOf(summary).trim(),
    emails: attendees
      .map((one) => textOf(one).trim().toLowerCase())
      .filter((address) => address.startsWith('mailto:'))
      .map((address) => address.slice('mailto:'.length)),
  };
}

function textOf(value: ParameterValue | { readonly val: string } | undefined): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : value.val;
}
