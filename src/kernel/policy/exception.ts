import { isBlank } from './blank.ts';
import type { Exception } from './facts.ts';
import { isAuthor, type Question } from './question.ts';
import type { RuleId } from './rule.ts';

/** The exception that stands for a rule, if one does: the rule allows it, it says why, and an independent reviewer approved. */
export function standingException(question: Question, rule: RuleId): Exception | null {
  if (question.change.exceptions.length === 0 || !question.policy.rules[rule].exception) return null;
  return (
    question.change.exceptions.find((exception) => exception.rule === rule && stands(question, exception)) ??
    null
  );
}

/** What is not known of an exception keeps it from standing: it waives, so it has to be proven. */
function stands(question: Question, { reason, by, approvedBy, at }: Exception): boolean {
  if (reason === undefined || isBlank(reason) || by === undefined) return false;
  if (at === undefined || at > question.at) return false;
  if (approvedBy === undefined || approvedBy === null || approvedBy === by) return false;
  if (isAuthor(question, approvedBy) !== false) return false;
  return isReviewer(question, approvedBy);
}

function isReviewer({ facts, policy }: Question, person: string): boolean {
  const roles = facts.people?.get(person) ?? [];
  return roles.some((role) => policy.approvals.review.any.some((way) => way.length === 1 && way[0] === role));
}
