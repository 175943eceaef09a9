import { overlapping, type Span } from '../../kernel/calendar/span.ts';
import type { Policy } from '../../kernel/policy/policy.ts';
import type { LockText } from '../../store/locks.ts';
import type { LockSpan } from './occurrences.ts';

const DAY_MS = 86_400_000;
const LONGEST_USUAL_DAYS = 31;

/** A text, when it holds, and the other locks in force meanwhile. */
export interface Considered {
  /** Of the lock itself, which does not overlap itself. */
  readonly id: string | null;
  readonly text: Pick<LockText, 'reason' | 'environments'>;
  readonly spans: readonly Span[];
  readonly others: readonly LockSpan[];
}

/** What whoever confirms a lock should have seen: a real one was announced to January and entered to December. */
export function lockWarnings(considered: Considered, policy: Pick<Policy, 'locks'>): readonly string[] {
  const { text, spans } = considered;
  const days = Math.max(0, ...spans.map(({ start, end }) => (end - start) / DAY_MS));
  const year = /\b(20\d\d)\b/.exec(text.reason)?.[1];
  const years = new Set(spans.flatMap(({ start, end }) => [yearOf(start), yearOf(end)]));
  return [
    ...(days > LONGEST_USUAL_DAYS
      ? [`it holds for ${Math.round(days)} days, more than ${LONGEST_USUAL_DAYS}`]
      : []),
    ...(year !== undefined && !years.has(Number(year))
      ? [`its reason names ${year}, and it lies in ${[...years][0] ?? 'no year'}`]
      : []),
    ...overlaps(considered),
    ...spans.flatMap((span) => policyWarnings(text.environments, span, policy)),
  ].filter((warning, index, all) => all.indexOf(warning) === index);
}

function overlaps({ id, text, spans, others }: Considered): string[] {
  return others
    .filter(
      (other) =>
        other.id !== id &&
        spans.some(({ start, end }) => other.start.getTime() < end && start < other.end.getTime()) &&
        other.environments.some((name) => text.environments.includes(name)),
    )
    .map((other) => `it overlaps the ${other.kind} lock ${other.id}`);
}

/** The same of the locks that stand in the policy: what it overlaps, and a release day inside. */
function policyWarnings(
  environments: readonly string[],
  { start, end }: Span,
  policy: Pick<Policy, 'locks'>,
): readonly string[] {
  const found = new Set<string>();
  for (const environment of environments) {
    const there = policy.locks.get(environment);
    if (!there) continue;
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

function yearOf(instant: number): number {
  return new Date(instant).getUTCFullYear();
}

function dayOf(instant: number): string {
  return new Date(instant).toISOString().slice(0, 10);
}
