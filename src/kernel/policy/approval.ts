import { formatInstant } from '../calendar/instant.ts';
import type { Approval, ApproverRole, Door, Duty, Role } from './facts.ts';
import { dutyAt, isAuthor, type Question } from './question.ts';
import { both, type Truth } from './truth.ts';

/** An approval that is looked for: as what, for what, and through which door if that matters. */
export type Wanted = { readonly as: ApproverRole; readonly for: string; readonly via?: Door };

/** Who has given a wanted approval: surely, and perhaps (a fact of theirs is not known). */
export type Approvers = {
  readonly sure: readonly string[];
  readonly perhaps: readonly string[];
  /** Nobody is on duty in the rota that decides who may give it. */
  readonly nobodyOnDuty: boolean;
};

/** Finds who gave an approval that counts. Each person is in it once, sorted by name. */
export function approversOf(question: Question, wanted: Wanted): Approvers {
  let sure: readonly string[] = NOBODY;
  let perhaps: readonly string[] = NOBODY;
  for (const approval of question.change.approvals) {
    const counted = both(matches(approval, wanted), counts(question, approval, wanted));
    if (counted === false) continue;
    const person = approval.person ?? UNNAMED;
    if (counted === true) sure = withName(sure, person);
    else perhaps = withName(perhaps, person);
  }
  return { sure, perhaps, nobodyOnDuty: isUnmanned(question, wanted) };
}

const NOBODY: readonly string[] = [];
const UNNAMED = 'somebody unnamed';

function withName(names: readonly string[], name: string): readonly string[] {
  if (names.length === 0) return [name];
  return names.includes(name) ? names : [...names, name].toSorted();
}

/** Whether an approval is of the kind looked for, whoever gave it. */
export function matches(approval: Approval, wanted: Wanted): Truth {
  if (approval.as !== undefined && approval.as !== wanted.as) return false;
  if (approval.for !== undefined && approval.for !== wanted.for) return false;
  if (wanted.via !== undefined && approval.via !== undefined && approval.via !== wanted.via) return false;
  const known =
    approval.as !== undefined &&
    approval.for !== undefined &&
    (wanted.via === undefined || approval.via !== undefined);
  return known ? true : undefined;
}

/** Whether an approval stands now and its giver holds the role. */
function counts(question: Question, approval: Approval, wanted: Wanted): Truth {
  return both(stands(question, approval), holdsRole(question, approval, wanted));
}

/** Whether it was given, for the plan as it is now, has not expired, and not by the author. */
function stands(question: Question, { at, expiresAt, digest, person }: Approval): Truth {
  const { at: now, change } = question;
  if ((at !== undefined && at > now) || (expiresAt !== null && expiresAt <= now)) return false;
  if (digest !== undefined && change.plan.digest !== undefined && digest !== change.plan.digest) return false;
  const byAuthor = person === undefined ? undefined : isAuthor(question, person);
  if (byAuthor === true) return false;
  const known = at !== undefined && digest !== undefined && change.plan.digest !== undefined;
  return known && byAuthor === false ? true : undefined;
}

function holdsRole(question: Question, { person, at }: Approval, wanted: Wanted): Truth {
  const duty = dutyOf(wanted.as);
  if (duty === null) return hasStandingRole(question, person, wanted.as as Role);
  if (duty === 'eoc' && wanted.for === 'plan') {
    const start = planReviewedFor(question);
    return start === undefined ? undefined : isOnDuty(question, person, { duty, at: start });
  }
  const whenApproving = at === undefined ? undefined : isOnDuty(question, person, { duty, at });
  return both(whenApproving, isOnDuty(question, person, { duty, at: question.at }));
}

/** The duty that an approver's role is held by; `null` for a standing role. */
export function dutyOf(role: ApproverRole): Duty | null {
  return role === 'eoc' || role === 'imoc' ? role : null;
}

/** The instant at which the EOC who reviews the plan must be on duty: the start of the slot, now without one. */
export function planReviewedFor({ change, at }: Question): number | undefined {
  return change.slot === null ? at : change.slot.start;
}

function hasStandingRole({ facts }: Question, person: string | undefined, role: Role): Truth {
  if (person === undefined || facts.people === undefined) return undefined;
  return facts.people.get(person)?.includes(role) ?? false;
}

function isOnDuty(
  question: Question,
  person: string | undefined,
  { duty, at }: { readonly duty: Duty; readonly at: number },
): Truth {
  if (person === undefined) return undefined;
  const { persons, maybeOthers } =
    at === question.at ? question.duty[duty] : dutyAt(question.facts, duty, at);
  if (persons.includes(person)) return true;
  return maybeOthers ? undefined : false;
}

/** Whether nobody is known to be on duty at the time that decides who may give this approval. */
function isUnmanned(question: Question, wanted: Wanted): boolean {
  const duty = dutyOf(wanted.as);
  if (duty === null) return false;
  const when = duty === 'eoc' && wanted.for === 'plan' ? planReviewedFor(question) : question.at;
  if (when === undefined) return true;
  const { persons } = when === question.at ? question.duty[duty] : dutyAt(question.facts, duty, when);
  return persons.length === 0;
}

/** Why an approval of the right kind does not count, in words for the person who waits for it. */
export function whyNot(question: Question, approval: Approval, wanted: Wanted): string {
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
  if (duty === null) return `${person} does not hold the role ${wanted.as}`;
  if (duty === 'eoc' && wanted.for === 'plan') return `${person} is not ${title(duty)} at the start`;
  if (isOnDuty(question, person, { duty, at: question.at }) === false)
    return `${person} is not ${title(duty)} now`;
  if (at !== undefined && isOnDuty(question, person, { duty, at }) === false) {
    return `${person} was not ${title(duty)} when approving`;
  }
  return `a fact about it is not known`;
}

/** A role as people say it. */
export function title(role: ApproverRole | Duty): string {
  return role === 'reviewer' || role === 'management' || role === 'director' ? role : role.toUpperCase();
}
