import type { Facts } from './facts.ts';
import type { Policy } from './policy.ts';
import type { Decision } from './rule.ts';

/** The one verdict function: pure, total, deterministic. */
export function decide(_policy: Policy, _facts: Facts): Decision {
  return { allowed: false, verdicts: [], nextOpening: null };
}
