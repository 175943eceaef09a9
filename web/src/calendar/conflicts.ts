import type { CalendarSlot } from '../../../src/contract/calendar.ts';

const LIVE: ReadonlySet<string> = new Set(['unscheduled', 'scheduled', 'in-progress']);

interface Timed {
  readonly change: string;
  readonly start: number;
  readonly end: number;
}

/** Changes that have not ended and share a service of an environment at the same time. One look over each service's slots. */
export function conflicting(slots: readonly CalendarSlot[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (const sharing of byService(slots).values()) {
    // Of those so far, the one that lasts longest: who meets any of them meets it.
    let longest: Timed | undefined;
    for (const slot of sharing.toSorted((a, b) => a.start - b.start)) {
      if (longest !== undefined && slot.start < longest.end) found.add(longest.change).add(slot.change);
      if (longest === undefined || slot.end > longest.end) longest = slot;
    }
  }
  return found;
}

function byService(slots: readonly CalendarSlot[]): ReadonlyMap<string, Timed[]> {
  const all = new Map<string, Timed[]>();
  for (const { change, state, environment, services, start, end } of slots) {
    if (!LIVE.has(state)) continue;
    const timed = { change, start: Date.parse(start), end: Date.parse(end) };
    for (const service of services) {
      const key = `${environment} ${service}`;
      const there = all.get(key);
      if (there) there.push(timed);
      else all.set(key, [timed]);
    }
  }
  return all;
}

/** Other changes that a slot would meet, if it lay there. */
export function metBy(
  slots: readonly CalendarSlot[],
  one: CalendarSlot,
  { start, end }: { readonly start: number; readonly end: number },
): readonly CalendarSlot[] {
  return slots.filter(
    (other) =>
      other.change !== one.change &&
      LIVE.has(other.state) &&
      other.environment === one.environment &&
      other.services.some((service) => one.services.includes(service)) &&
      Date.parse(other.start) < end &&
      start < Date.parse(other.end),
  );
}
