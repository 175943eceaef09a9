import type { DecisionDocument } from '../contract/decision.ts';
import type { Metrics } from './metrics.ts';

/** Counts a recorded decision: by action and answer, and each rule that refused. */
export function countDecision(
  metrics: Metrics,
  action: string,
  { allowed, verdicts }: DecisionDocument,
): void {
  metrics.count('interlock_decisions_total', { action, allowed: String(allowed) });
  for (const { rule, verdict } of verdicts) {
    if (verdict === 'deny' || verdict === 'unknown')
      metrics.count('interlock_denials_total', { rule, verdict });
  }
}
