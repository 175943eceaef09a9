import { overlapping } from '../../kernel/calendar/span.ts';
import type { Policy } from '../../kernel/policy/policy.ts';
import type { LockRow } from '../../store/locks.ts';

const DAY_MS = 86_400_000;
const LONGEST_USUAL_DAYS = 31;

/** What whoever confirms a lock should have seen: a real one was announced to January and entered to December. */
export function lockWarnings(lock: LockRow, all: readonly LockRow[]): readonly string[] {
  const days = (lock.end.getTime() - lock.start.getTime()) / DAY_MS;
  const year = /\b(20\d\d)\b/.exec(lock.reason)?.[1];
  const years = [lock.start.getUTCFullYear(), lock.end.getUTCFullYear()];
  const overlaps = all.filter(
    (other) =>
      other.id !== lock.id &&
      other.released_at === null &&
      other.start < lock.end &&
      lock.start < other.end &&
      other.environments.some((name) => lock.environments.includes(name)),
  );
  return [
    ...(days > LONGEST_USUAL_DAYS
      ? [`it holds for ${Math.round(days)} days, more than ${LONGEST_USUAL_DAYS}`]
      : []),
    ...(year !== undefined && !years.includes(Number(year))
      ? [`its reason names ${year}, and it lies in ${years[0]}`]
      : []),
    ...overlaps.map(({ id, kind }) => `it overlaps the ${kind} lock ${id}`),
  ];
}

/** The same of the locks that stand in the policy: what it overlaps, and a release day inside. */
export function policyWarnings(lock: LockRow, policy: Pick<Policy, 'locks'>): readonly string[] {
  const found = new Set<string>();
  for (const environment of lock.environments) {
    const there = policy.locks.get(environment);
    if (!there) continue;
    const [start, end] = [lock.start.getTime(), lock.end.getTime()];
    for (const day of overlapping(there.releaseDays, start, end))
      found.add(`the release day of ${dayOf(day.start)} lies inside`);
    const releaseDays = new Set(there.releaseDays.spans.map(({ id }) => id));
    for (const { id, kind } of [
      ...overlapping(there.soft, start, end),
      ...overlapping(there.hard, start, end),
    ])
      if (!releaseDays.has(id)) found.add(`it overlaps the ${kind} lock ${id} of the policy`);
  }
  return [...found];
}

function dayOf(instant: number): string {
  return new Date(instant).toISOString().slice(0, 10);
}
