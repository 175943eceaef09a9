import type { TakenBack } from './facts.ts';
import { RULES, type RuleId } from './rule.ts';

/** The rules that look at a word about the plan, and at one about the start. */
const ASKS_FOR: Readonly<Record<string, readonly RuleId[]>> = {
  plan: [
    'director-approval',
    'management-approval',
    'review-quorum',
    'first-iteration-review',
    'eoc-plan-review',
  ],
  start: ['eoc-coordination', 'release-coordination', 'eoc-written-issue', 'eoc-written-chat', 'eoc-verbal'],
};

/**
 * The rules that are asked again before a step because a word that they may rest on was taken back since the start. Nothing else of
 * the start is: an approval given by whoever was on duty then outlives their shift. Emergencies and exemptions from locks are looked
 * at before every step anyway.
 */
export function askedAgain(takenBack: readonly TakenBack[]): ReadonlySet<RuleId> {
  // A word of which nobody knows what it was for may have been for either.
  const subjects = takenBack.flatMap((word) => (word.for === undefined ? ['plan', 'start'] : [word.for]));
  return new Set(subjects.flatMap((subject) => ASKS_FOR[subject] ?? excepted(subject)));
}

/** An exception waives its own rule alone, so that one is asked again. */
function excepted(subject: string): readonly RuleId[] {
  return RULES.filter((rule) => subject === `exception:${rule}`);
}
