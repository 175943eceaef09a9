import { formatInstant } from '../calendar/instant.ts';
import { dutyOf, isAmong, isPlanReview, matches, wasOnDuty, type Wanted } from './approval.ts';
import type { Approval } from './facts.ts';
import { title } from './in-words.ts';
import { isAuthor, type Question } from './question.ts';

/** Approvals of the right kind that do not surely count, each with the reason, in words for the person who waits. */
export function flawsOfApprovals(
  question: Question,
  wanted: Wanted,
  counted: readonly string[],
): readonly string[] {
  return question.change.approvals
    .filter((approval) => matches(approval, wanted) !== false)
    .filter(({ person }) => person === undefined || !counted.includes(person))
    .map((approval) => {
      const whose = approval.person ?? 'somebody';
      return `that of ${whose} as ${title(wanted.as)} does not count, ${whyNot(question, approval, wanted)}`;
    });
}

function whyNot(question: Question, approval: Approval, wanted: Wanted): string {
  const { at: now, change } = question;
  const { person, at, expiresAt, digest } = approval;
  if (person === undefined) return 'who gave it is not known';
  if (at !== undefined && at > now) return `it is dated ${formatInstant(at)}, which is later than now`;
  if (expiresAt !== null && expiresAt <= now) return `it expired at ${formatInstant(expiresAt)}`;
  if (digest !== change.plan.digest) return 'it was given for another version of the plan';
  if (isAuthor(question, person) === true) return `${person} wrote the request`;
  return whyNotInRole(question, approval, wanted);
}

function whyNotInRole(question: Question, { person, at }: Approval, wanted: Wanted): string {
  const duty = dutyOf(wanted.as);
  if (duty === null) {
    return question.facts.people === undefined
      ? 'the directory is not known'
      : `${person} does not hold the role ${wanted.as}`;
  }
  if (isPlanReview(wanted)) return `${person} is not ${title(duty)} at the start`;
  if (isAmong(question.duty[duty], person) === false) return `${person} is not ${title(duty)} now`;
  if (at !== undefined && wasOnDuty(question, person, { duty, at }) === false) {
    return `${person} was not ${title(duty)} when approving`;
  }
  return 'a fact about it is not known';
}
