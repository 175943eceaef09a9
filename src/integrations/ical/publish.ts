import {
  ICalCalendar,
  ICalCalendarMethod,
  ICalEventStatus,
  ICalEventTransparency,
  type ICalEventData,
} from 'ical-generator';
import type { CalendarText, PublishedCalendar, PublishedEvent } from '../../app/ports/calendar-text.ts';

const PRODUCT = { company: 'Interlock', product: 'Production calendar', language: 'EN' };

/** Writes a calendar that is read again and again: what was given up stands in it as cancelled, under the same UID. */
export const calendarText: CalendarText = ({ name, refreshMs, events }: PublishedCalendar): string =>
  new ICalCalendar({
    name: oneLine(name),
    prodId: PRODUCT,
    method: ICalCalendarMethod.PUBLISH,
    ttl: Math.round(refreshMs / 1_000),
    events: events.map(eventData),
  }).toString();

/** One event as an object of its own, as it stands in a collection (RFC 4791, section 4.1): a calendar without a method. */
export function eventText(event: PublishedEvent): string {
  return new ICalCalendar({ prodId: PRODUCT, events: [eventData(event)] }).toString();
}

const STATUS = {
  confirmed: ICalEventStatus.CONFIRMED,
  tentative: ICalEventStatus.TENTATIVE,
  cancelled: ICalEventStatus.CANCELLED,
} as const;

function eventData(event: PublishedEvent): ICalEventData {
  const changed = new Date(event.changedAt);
  const busy = event.busy && event.status !== 'cancelled';
  return {
    id: event.uid,
    sequence: event.sequence,
    // In a published calendar DTSTAMP is when the event last changed, so that the same events are the same text.
    stamp: changed,
    lastModified: changed,
    start: new Date(event.start),
    end: new Date(event.end),
    summary: oneLine(event.title),
    status: STATUS[event.status],
    transparency: busy ? ICalEventTransparency.OPAQUE : ICalEventTransparency.TRANSPARENT,
    ...(event.place !== null && { location: oneLine(event.place) }),
    ...(event.url !== null && { url: event.url }),
  };
}

/** Text of people in one line, without characters that some reader takes for the end of one. */
function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ').toWellFormed();
}
