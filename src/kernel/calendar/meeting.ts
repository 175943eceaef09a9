import type { ChangeState } from '../change/state.ts';

/** A change with its slot, as far as whom it meets goes by it. Instants in epoch milliseconds, half open. */
export type Planned = {
  readonly change: string;
  readonly state: ChangeState;
  readonly environment: string;
  readonly services: readonly string[];
  readonly start: number;
  readonly end: number;
};

const LIVE: ReadonlySet<ChangeState> = new Set(['unscheduled', 'scheduled', 'in-progress']);

/** Changes that have not ended and share a service of an environment at the same time. One look over each service's slots. */
export function conflicting(slots: readonly Planned[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (const sharing of byService(slots).values()) {
    // Of those so far, the one that lasts longest: who meets any of them meets it.
    let longest: Planned | undefined;
    for (const slot of sharing.toSorted((a, b) => a.start - b.start)) {
      if (longest !== undefined && slot.start < longest.end) found.add(longest.change).add(slot.change);
      if (longest === undefined || slot.end > longest.end) longest = slot;
    }
  }
  return found;
}

function byService(slots: readonly Planned[]): ReadonlyMap<string, Planned[]> {
  const all = new Map<string, Planned[]>();
  for (const slot of slots) {
    if (!LIVE.has(slot.state)) continue;
    for (const service of slot.services) {
      const key = `${slot.environment} ${service}`;
      const there = all.get(key);
      if (there) there.push(slot);
      else all.set(key, [slot]);
    }
  }
  return all;
}

/** Other changes that one would meet, if it lay where it is said to. */
export function metBy<P extends Planned>(slots: readonly P[], one: Planned): readonly P[] {
  return slots.filter(
    (other) =>
      other.change !== one.change &&
      LIVE.has(other.state) &&
      other.environment === one.environment &&
      other.start < one.end &&
      one.start < other.end &&
      other.services.some((service) => one.services.includes(service)),
  );
}
