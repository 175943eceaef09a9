import type { SlotReport } from '../../contract/calendar.ts';
import { MINUTE_MS } from '../../kernel/calendar/hours.ts';
import { formatInstant } from '../../kernel/calendar/instant.ts';
import { openings, type OpeningSearch } from '../../kernel/calendar/opening.ts';
import { spanList, type Span } from '../../kernel/calendar/span.ts';
import type { Policy } from '../../kernel/policy/policy.ts';
import type { LockSpan } from '../lock/occurrences.ts';
import type { Plan } from '../../contract/plan.ts';

const MOST_OPENINGS = 5;

/** What an opening is looked for with. */
export interface OpeningQuestion {
  readonly plan: Pick<Plan, 'environment' | 'criticality' | 'deployment'>;
  readonly lengthMs: number;
  readonly now: number;
  readonly locks: readonly Pick<LockSpan, 'kind' | 'start' | 'end'>[];
  /** Slots of other requests on the same services. */
  readonly taken: readonly Span[];
}

/** The next stretches of starts at which hours, locks and other requests leave room for the whole length. */
export function nextOpenings(policy: Policy, question: OpeningQuestion): SlotReport['openings'] {
  const search = searchOf(policy, question);
  return openings(search, MOST_OPENINGS)
    .filter(({ first }) => first + question.lengthMs <= policy.laidOut.end)
    .map(({ first, last }) => ({ first: formatInstant(first), last: formatInstant(last) }));
}

function searchOf(policy: Policy, { plan, lengthMs, now, locks, taken }: OpeningQuestion): OpeningSearch {
  const ceremony = policy.criticalities[plan.criticality];
  const stops = (rule: 'soft-lock' | 'hard-lock' | 'allowed-hours') => policy.rules[rule].level === 'deny';
  const soft = plan.deployment !== 'canary' && ceremony.asks.has('soft-lock') && stops('soft-lock');
  const kinds = [...(soft ? (['soft'] as const) : []), ...(stops('hard-lock') ? (['hard'] as const) : [])];
  const there = policy.locks.get(plan.environment);
  const ours = locks.map(({ kind, start, end }) => ({ kind, start: start.getTime(), end: end.getTime() }));
  const from = Math.ceil(now / MINUTE_MS) * MINUTE_MS;
  return {
    from,
    until: now + policy.limits.nextOpeningMs,
    lengthMs,
    hours: stops('allowed-hours') ? ceremony.hours : null,
    blocked: [
      ...kinds.flatMap((kind) => [
        ...(there ? [{ list: there[kind] }] : []),
        { list: spanList(ours.filter((lock) => lock.kind === kind)) },
      ]),
      { list: spanList(taken) },
    ],
  };
}
