import type { ShiftCalendar, ShiftEvent } from '../../app/ports/shift-calendar.ts';
import { askOutside } from '../outbound/request.ts';
import { jsonOf } from '../peer/ask.ts';
import { shiftsOfTimeline } from '../timeline/timeline.ts';
import { readAside } from './read-aside.ts';

const TIMEOUT_MS = 15_000;
const READING_MS = 10_000;
const MAX_BYTES = 2 * 1_048_576;

interface CalendarSettings {
  /** Whether calendars may lie in private networks. */
  readonly allowPrivate: boolean;
  readonly readingMs?: number;
}

/** Calendars at addresses that people gave. A redirect is no calendar. */
export function shiftCalendar({ allowPrivate, readingMs = READING_MS }: CalendarSettings): ShiftCalendar {
  return {
    read: async ({ url, format, etag, modified, zone, from, to }) => {
      const answer = await askOutside({
        url,
        method: 'GET',
        headers: {
          accept: format === 'timeline' ? 'application/json' : 'text/calendar',
          ...(etag !== null && { 'if-none-match': etag }),
          ...(modified !== null && { 'if-modified-since': modified }),
        },
        timeoutMs: TIMEOUT_MS,
        maxBytes: MAX_BYTES,
        allowPrivate,
      });
      // Only whoever asked for it may hear that nothing changed.
      if (answer.status === 304 && (etag !== null || modified !== null)) return null;
      if (answer.status !== 200)
        throw new Error(`expected the calendar, got an answer of status \`${answer.status}\``);
      return {
        events:
          format === 'timeline'
            ? timelineIn(answer.body)
            : await readAside({ text: textOf(answer.body), zone, from, to }, readingMs),
        etag: headerOf(answer.headers['etag']),
        modified: headerOf(answer.headers['last-modified']),
      };
    },
  };
}

const textOf = (body: Uint8Array) => new TextDecoder('utf-8', { fatal: true }).decode(body);

function timelineIn(body: Uint8Array): readonly ShiftEvent[] {
  const shifts = shiftsOfTimeline(jsonOf(body));
  if (shifts === null) throw new Error('expected the timeline of a schedule as JSON, got something else');
  return shifts;
}

function headerOf(value: string | string[] | undefined): string | null {
  return typeof value === 'string' && value.length <= 300 ? value : null;
}
