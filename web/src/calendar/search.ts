import type { Criticality } from '../../../src/kernel/policy/facts.ts';

export const VIEWS = ['week', 'month', 'day'] as const;
export type View = (typeof VIEWS)[number];

/** What the address of the page says. */
export interface CalendarSearch {
  readonly view?: View;
  /** A day that is shown: `2026-11-28`. */
  readonly day?: string;
  readonly environment?: string;
  /** Whose hours are shaded. */
  readonly criticality?: Criticality;
}

export function calendarSearch(search: Record<string, unknown>): CalendarSearch {
  const { view, day, environment, criticality } = search;
  return {
    ...(VIEWS.some((one) => one === view) && { view: view as View }),
    ...(typeof day === 'string' && !Number.isNaN(Date.parse(`${day}T00:00Z`)) && { day }),
    ...(typeof environment === 'string' && { environment }),
    ...(['C1', 'C2', 'C3', 'C4'].includes(String(criticality)) && {
      criticality: criticality as Criticality,
    }),
  };
}

const DAY_MS = 86_400_000;

/** What is shown: epoch milliseconds, half open, whole days in UTC. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

export function rangeOf(view: View, dayMs: number): Range {
  if (view === 'day') return { from: dayMs, to: dayMs + DAY_MS };
  if (view === 'week') return { from: mondayOf(dayMs), to: mondayOf(dayMs) + 7 * DAY_MS };
  const date = new Date(dayMs);
  const first = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
  // Six weeks hold every month.
  return { from: mondayOf(first), to: mondayOf(first) + 42 * DAY_MS };
}

/** The day that is shown one step further, or one back. */
export function stepped(view: View, dayMs: number, by: 1 | -1): number {
  if (view === 'day') return dayMs + by * DAY_MS;
  if (view === 'week') return dayMs + by * 7 * DAY_MS;
  const date = new Date(dayMs);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + by, 1);
}

function mondayOf(dayMs: number): number {
  return dayMs - ((new Date(dayMs).getUTCDay() + 6) % 7) * DAY_MS;
}

export function dayText(dayMs: number): string {
  return new Date(dayMs).toISOString().slice(0, 10);
}
