import type { ApproverRole } from '../policy/facts.ts';
import type { RuleId } from '../policy/rule.ts';
import { PARTS, type Part } from './part.ts';

/** A word that somebody gave for a request: an approval in a capacity for a subject, or an exception to a rule. */
export type Word = { readonly as: ApproverRole; readonly for: string } | { readonly rule: RuleId };

/** What is carried out, and on what: whoever answers for the plan has read all of it. */
const WORK = [
  'classification',
  'purpose',
  'estimate',
  'targets',
  'assumptions',
  'checks',
  'steps',
  'rollback',
  'watch',
  'exceptions',
  'dry-run',
] as const satisfies readonly Part[];

/** The risk and who takes it, not the way it is done: that is what reviewers are for. */
const RISK = [
  'classification',
  'purpose',
  'people',
  'estimate',
  'targets',
  'rollback',
  'communication',
  'exceptions',
] as const satisfies readonly Part[];

/** Who reviewed a plan, by the capacity in which they did. */
const PLAN_REVIEW = {
  reviewer: WORK,
  director: [...WORK, 'people'],
  // Another time has another engineer on call, another night, other neighbours.
  eoc: [...WORK, 'people', 'slot'],
  management: RISK,
  imoc: PARTS,
  vpe: PARTS,
} as const satisfies Record<ApproverRole, readonly Part[]>;

/** What an exception was granted for. Its own reason may stand in the plan, and a lower class of change excuses less. */
const EXCEPTION = {
  'criticality-floor': ['purpose', 'people', 'estimate', 'targets', 'steps', 'rollback'],
  'preflight-present': ['assumptions', 'checks', 'targets', 'steps'],
  'postcheck-present': ['checks', 'targets', 'steps'],
  'checks-quantified': ['checks', 'targets'],
  'no-globs': ['targets', 'steps', 'rollback', 'dry-run'],
  'allowed-hours': ['purpose', 'people', 'estimate', 'slot'],
  'in-slot': ['estimate', 'slot'],
  'in-multiplexer': ['people', 'steps'],
} as const satisfies Partial<Record<RuleId, readonly Part[]>>;

/**
 * The parts that a word looks at. An edit of one of them voids it, an edit of others leaves it standing. A word that lets
 * something begin, or waives a lock or the policy, is for exactly what was shown: it looks at everything.
 */
export function partsOfWord(word: Word): readonly Part[] {
  if ('rule' in word) {
    const parts: readonly Part[] | undefined = EXCEPTION[word.rule as keyof typeof EXCEPTION];
    return parts ? ['classification', 'exceptions', ...parts] : PARTS;
  }
  return word.for === 'plan' ? PLAN_REVIEW[word.as] : PARTS;
}

/** The changed parts that a word looks at: it stands if there are none. */
export function touchedParts(word: Word, changed: readonly Part[]): readonly Part[] {
  const looksAt = partsOfWord(word);
  return changed.filter((part) => looksAt.includes(part));
}
