import type { DecisionDocument } from '../contract/decision.ts';
import { OF_TIME } from '../kernel/policy/waited-out.ts';

/** When a refusal clears by itself, in one sentence; `null` where something is allowed. */
export function openingText({
  allowed,
  verdicts,
  nextOpening,
}: Pick<DecisionDocument, 'allowed' | 'verdicts' | 'nextOpening'>): string | null {
  if (allowed) return null;
  const byTime = verdicts.some(
    ({ rule, verdict }) => OF_TIME.has(rule) && (verdict === 'deny' || verdict === 'unknown'),
  );
  if (!byTime) return 'Time alone does not clear it: what is said above has to change.';
  if (nextOpening === null) return 'Next opening: none; time alone does not help.';
  return `Next opening, as far as time goes: ${nextOpening}`;
}
