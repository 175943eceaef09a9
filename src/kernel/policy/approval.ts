import { isOnDuty, type OnDuty } from '../calendar/rota.ts';
import type { Approval, ApproverRole, Door, Duty, Role } from './facts.ts';
import type { Question } from './question.ts';
import { both, type Truth } from './truth.ts';

/** An approval that is looked for: as what, for what, and through which door if that matters. */
export type Wanted = { readonly as: ApproverRole; readonly for: string; readonly via?: Door | undefined };

/** Who has given a wanted approval: surely, and perhaps (a fact of theirs is not known). */
export type Approvers = {
  readonly sure: readonly string[];
  readonly perhaps: readonly string[];
  /** Nobody is on duty in the rota that decides who may give it. */
  readonly nobodyOnDuty: boolean;
};

const UNNAMED = 'somebody unnamed';

/** Finds who gave an approval that counts. Each person is in it once, sorted by name. */
export function approversOf(question: Question, wanted: Wanted): Approvers {
  let sure = NOBODY;
  let perhaps = NOBODY;
  for (const approval of question.standing) {
    const matching = matches(approval, wanted);
    if (matching === false) continue;
    const counted = both(matching, holdsRole(question, approval, wanted));
    if (counted === true) sure = withName(sure, approval.person ?? UNNAMED);
    else if (counted === undefined) perhaps = withName(perhaps, approval.person ?? UNNAMED);
  }
  for (const approval of question.doubtful) {
    if (both(matches(approval, wanted), holdsRole(question, approval, wanted)) !== false) {
      perhaps = withName(perhaps, approval.person ?? UNNAMED);
    }
  }
  return { sure, perhaps, nobodyOnDuty: dutyAsked(question, wanted)?.onDuty.persons.length === 0 };
}

const NOBODY: readonly string[] = [];

/** Approvals come in an order of their own, mostly by person, so that a new name mostly goes to the end. */
function withName(names: readonly string[], name: string): readonly string[] {
  const last = names[names.length - 1];
  if (last === undefined) return [name];
  if (last < name) return [...names, name];
  return names.includes(name) ? names : [...names, name].toSorted();
}

/** Whether an approval is of the kind looked for, whoever gave it. */
export function matches(approval: Approval, { as, for: purpose, via }: Wanted): Truth {
  if (approval.as !== as && approval.as !== undefined) return false;
  if (approval.for !== purpose && approval.for !== undefined) return false;
  if (via !== undefined && approval.via !== via && approval.via !== undefined) return false;
  const open = approval.as === undefined || approval.for === undefined;
  return open || (via !== undefined && approval.via === undefined) ? undefined : true;
}

function holdsRole(question: Question, { person, at }: Approval, wanted: Wanted): Truth {
  const duty = dutyOf(wanted.as);
  if (duty === null) return hasStandingRole(question, person, wanted.as as Role);
  if (isPlanReview(wanted)) return isAmong(question.eocAtStart, person);
  const now = isAmong(question.duty[duty], person);
  if (now === false || at === undefined) return both(now, undefined);
  return both(now, wasOnDuty(question, person, { duty, at }));
}

/** Whether a person was on duty at another instant than now. */
export function wasOnDuty(
  { facts }: Question,
  person: string | undefined,
  { duty, at }: { readonly duty: Duty; readonly at: number },
): Truth {
  return person === undefined || facts.rota === undefined
    ? undefined
    : isOnDuty(facts.rota[duty], person, at);
}

/** The EOC reviews a plan for the time of its start; everything else is said on duty. */
export function isPlanReview(wanted: Wanted): boolean {
  return wanted.as === 'eoc' && wanted.for === 'plan';
}

/** The duty that an approver's role is held by; `null` for a standing role. */
export function dutyOf(role: ApproverRole): Duty | null {
  return role === 'eoc' || role === 'imoc' ? role : null;
}

function hasStandingRole({ facts }: Question, person: string | undefined, role: Role): Truth {
  if (person === undefined || facts.people === undefined) return undefined;
  return facts.people.get(person)?.includes(role) ?? false;
}

/** Whether a person is on duty, as far as the rota can be read. */
export function isAmong({ persons, maybeOthers }: OnDuty, person: string | undefined): Truth {
  if (person === undefined) return undefined;
  return persons.includes(person) || (maybeOthers ? undefined : false);
}

/** Who is on duty at the time that decides who may give this approval; `null` where a standing role does. */
export function dutyAsked(
  question: Question,
  wanted: Wanted,
): { readonly duty: Duty; readonly onDuty: OnDuty } | null {
  const duty = dutyOf(wanted.as);
  if (duty === null) return null;
  return { duty, onDuty: isPlanReview(wanted) ? question.eocAtStart : question.duty[duty] };
}
