import type { CalendarLock } from '../../contract/calendar.ts';
import { overlapping } from '../../kernel/calendar/span.ts';
import { formatInstant } from '../../kernel/calendar/instant.ts';
import type { Policy } from '../../kernel/policy/policy.ts';
import type { LockSpan } from '../lock/occurrences.ts';

/** A stretch of time, epoch milliseconds, in one environment or in all. */
export interface CalendarSpan {
  readonly from: number;
  readonly to: number;
  readonly environment?: string | undefined;
}

/** The policy's own locks that touch a span, recurrences laid out; one that holds in several environments is one. */
export function policyLocks(
  { locks }: Pick<Policy, 'locks'>,
  { from, to, environment }: CalendarSpan,
): CalendarLock[] {
  const found = new Map<string, CalendarLock>();
  for (const [name, there] of locks) {
    if (environment !== undefined && environment !== name) continue;
    for (const lock of [...overlapping(there.soft, from, to), ...overlapping(there.hard, from, to)]) {
      const id = lock.id ?? 'policy';
      const key = `${id} ${lock.kind} ${lock.start}`;
      const environments = [...(found.get(key)?.environments ?? []), name];
      found.set(key, {
        id,
        kind: lock.kind ?? 'hard',
        origin: 'policy',
        environments,
        reason: lock.reason ?? '',
        releaseDay: lock.releaseDay,
        start: formatInstant(lock.start),
        end: formatInstant(lock.end),
      });
    }
  }
  return [...found.values()].toSorted((a, b) => a.start.localeCompare(b.start) || a.id.localeCompare(b.id));
}

/** A lock that was made here, as the calendar shows it. */
export function serverLock({ id, kind, environments, reason, start, end }: LockSpan): CalendarLock {
  return {
    id,
    kind,
    origin: 'server',
    environments,
    reason,
    releaseDay: false,
    start: start.toISOString(),
    end: end.toISOString(),
  };
}
