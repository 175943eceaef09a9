import type { LockRow } from '../../store/locks.ts';
import type { Span } from '../../kernel/calendar/span.ts';
import { laidOut, type LockSpan } from '../lock/occurrences.ts';
import { byLock, type Versions } from '../lock/view.ts';
import type { PublishedEvent } from '../ports/calendar-text.ts';

const DAY_MS = 86_400_000;

/** Of what time a feed shows events, and how far from now that reaches. */
export interface FeedWindow extends Span {
  readonly backMs: number;
  readonly aheadMs: number;
  /** One environment alone. */
  readonly environment: string | null;
}

/**
 * The locks in a feed, by every version that is or was in force. What an edit took away is cancelled for as long as it would have
 * stood there: some readers keep an event that only vanishes.
 */
export function lockEvents(rows: readonly LockRow[], window: FeedWindow): PublishedEvent[] {
  return byLock(rows).flatMap((versions) => eventsOf(versions, window));
}

function eventsOf(versions: Versions, window: FeedWindow): PublishedEvent[] {
  const longest = Math.max(...versions.map(({ recurrence }) => (recurrence?.days ?? 0) * DAY_MS));
  const events = new Map<string, PublishedEvent>();
  // The newest first: what it says of an event is what holds.
  for (let at = versions.length - 1; at >= 0; at -= 1) {
    const [row, next] = [versions[at], versions[at + 1]];
    if (!row || (window.environment !== null && !row.environments.includes(window.environment))) continue;
    // From before the window too: an event that has left it by its age was not taken away.
    const start = row.recurrence === null ? Number.NEGATIVE_INFINITY : window.start - longest;
    for (const span of laidOut([row], { start, end: window.end })) {
      const event = next === undefined ? lockEvent(span) : formerEvent(span, next, window);
      if (event !== null && !events.has(event.uid)) events.set(event.uid, event);
    }
  }
  return [...events.values()].filter(({ end }) => end > window.start);
}

/** Each version of a lock changes twice: it is confirmed, and at most released. Occurrences of a recurrence are events of their own. */
function lockEvent(row: LockSpan): PublishedEvent {
  const released = row.released_at !== null;
  const changed = row.released_at ?? row.confirmed_at ?? row.proposed_at;
  return {
    uid: `lock-${row.id}${row.recurrence === null ? '' : `-${row.start.getTime()}`}@interlock`,
    sequence: 2 * row.version + (released ? 1 : row.confirmed_at === null ? -1 : 0),
    changedAt: changed.getTime(),
    start: row.start.getTime(),
    end: row.end.getTime(),
    title: `${row.kind} lock ${row.id}`,
    place: row.environments.join(', '),
    url: null,
    status: released ? 'cancelled' : 'confirmed',
    busy: false,
  };
}

/** What an edited version said, where the later ones do not; `null` of what never came into the feed while it held. */
function formerEvent(span: LockSpan, next: LockRow, { backMs, aheadMs }: FeedWindow): PublishedEvent | null {
  const since = (span.confirmed_at ?? span.proposed_at).getTime();
  const until = (next.confirmed_at ?? next.proposed_at).getTime();
  const event = lockEvent(span);
  if (event.end <= since - backMs || event.start >= until + aheadMs) return null;
  // It was over by then: it held as it stands there.
  if (event.end <= until) return event;
  // Between the version that had it and the next, which may bring it back.
  return { ...event, sequence: 2 * next.version - 1, changedAt: until, status: 'cancelled' };
}
