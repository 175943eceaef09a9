import type { Decision, RuleId, RuleVerdict } from './rule.ts';

/** The rules that `nextOpening` speaks of: time alone can clear these. */
export const OF_TIME: ReadonlySet<RuleId> = new Set<RuleId>([
  'allowed-hours',
  'soft-lock',
  'hard-lock',
  'in-slot',
]);

/** What becomes of a refusal by waiting. */
export interface WaitedOut {
  /** When time alone no longer stops it, epoch ms, not before it was asked; `null` if it never lets it through. */
  readonly until: number | null;
  /** What time does not clear. */
  readonly lasting: readonly RuleVerdict[];
}

/** What time makes of an answer that was given at this instant (epoch ms). */
export function waitedOut({ verdicts, nextOpening }: Decision, at: number): WaitedOut {
  const refusing = verdicts.filter(({ verdict }) => verdict === 'deny' || verdict === 'unknown');
  const ofTime = refusing.filter(({ rule }) => OF_TIME.has(rule));
  const others = refusing.filter(({ rule }) => !OF_TIME.has(rule));
  const lasting = others.filter(({ clearsAt }) => clearsAt === undefined);
  if (ofTime.length > 0 && nextOpening === null) return { until: null, lasting };
  const opens = ofTime.length > 0 && nextOpening !== null ? [nextOpening] : [];
  const clears = others.flatMap(({ clearsAt }) => (clearsAt === undefined ? [] : [clearsAt]));
  return { until: Math.max(at, ...opens, ...clears), lasting };
}
