import { formatInstant } from '../calendar/instant.ts';
import { dutyOf, isAmong, isPlanReview, matches, wasOnDuty, type Wanted } from './approval.ts';
import type { Approval } from './facts.ts';
import { title } from './in-words.ts';
import { isAuthor, type Question } from './question.ts';
import type { Truth } from './truth.ts';

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

type Known = { readonly person: string; readonly at: number | undefined };

function whyNot(question: Question, approval: Approval, wanted: Wanted): string {
  const { at: now, change } = question;
  const { person, at, expiresAt, digest } = approval;
  if (person === undefined) return 'who gave it is not known';
  if (at !== undefined && at > now) return `it is dated ${formatInstant(at)}, which is later than now`;
  if (expiresAt !== null && expiresAt <= now) return `it expired at ${formatInstant(expiresAt)}`;
  const current = change.plan.digest;
  if (digest !== current && digest !== undefined && current !== undefined)
    return 'it was given for another version of the plan';
  const byAuthor = isAuthor(question, person);
  if (byAuthor === true) return `${person} wrote the request`;
  const why = whyNotInRole(question, { person, at }, wanted);
  if (why !== null) return why;
  if (current === undefined) return 'which version of the plan this is is not known';
  if (digest === undefined) return 'for which version of the plan it was given is not known';
  return byAuthor === undefined ? 'who wrote the request is not known' : 'a fact about it is not known';
}

/** Why who gave it does not surely hold the role; `null` if that is not what it lacks. */
function whyNotInRole(question: Question, { person, at }: Known, wanted: Wanted): string | null {
  const duty = dutyOf(wanted.as);
  if (duty === null) {
    const { people } = question.facts;
    if (people === undefined) return 'the directory is not known';
    const holds = people.get(person)?.some((role) => role === wanted.as) ?? false;
    return holds ? null : `${person} does not hold the role ${wanted.as}`;
  }
  const what = title(duty);
  if (isPlanReview(wanted))
    return notAmong(isAmong(question.eocAtStart, person), `${person} is`, `${what} at the start`);
  const now = notAmong(isAmong(question.duty[duty], person), `${person} is`, `${what} now`);
  if (now !== null) return now;
  if (at === undefined) return 'when it was given is not known';
  return notAmong(wasOnDuty(question, person, { duty, at }), `${person} was`, `${what} when approving`);
}

function notAmong(on: Truth, who: string, what: string): string | null {
  if (on === true) return null;
  return on === false ? `${who} not ${what}` : `whether ${who} ${what} is not known`;
}
