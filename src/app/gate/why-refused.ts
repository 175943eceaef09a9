import type { DecisionDocument } from '../../contract/decision.ts';

/** The rules that refuse, each with its reason, and the next opening, in one line. */
export function whyRefused({ verdicts, nextOpening }: DecisionDocument): string {
  const rules = verdicts
    .filter(({ verdict }) => verdict === 'deny' || verdict === 'unknown')
    .map(({ rule, because }) => `${rule}: ${because}`);
  return `${rules.join('; ')}${nextOpening === null ? '' : `; next opening ${nextOpening}`}`;
}
