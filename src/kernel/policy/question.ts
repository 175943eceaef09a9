import { onDuty, type OnDuty } from '../calendar/rota.ts';
import { effectiveKind, type EffectiveKind } from './effective-kind.ts';
import type { Action, RuleId } from './rule.ts';
import type { Approval, ChangeFacts, Criticality, Duty, Facts, Severity } from './facts.ts';
import { intervalOf, type Interval } from './interval.ts';
import type { Ceremony, Policy } from './policy.ts';
import { is, type Truth } from './truth.ts';

/** One question with what several rules want to know of it, worked out once. */
export type Question = {
  readonly policy: Policy;
  readonly facts: Facts;
  readonly change: ChangeFacts;
  readonly at: number;
  readonly action: Action;
  /** What the change's criticality asks for; `undefined` if that is not known. */
  readonly ceremony: Ceremony | undefined;
  readonly kind: EffectiveKind;
  readonly interval: Interval;
  /** Who is on duty now. */
  readonly duty: Readonly<Record<Duty, OnDuty>>;
  /** Who is EOC when it starts: at the start of the slot, now without one. */
  readonly eocAtStart: OnDuty;
  /** Approvals given by now, not expired, for the plan as it is now, not by the author; whoever may give them. */
  readonly standing: readonly Approval[];
  /** Approvals of which a fact is not known, so that they may stand and may not. */
  readonly doubtful: readonly Approval[];
};

const NOBODY_KNOWN: OnDuty = { persons: [], maybeOthers: true };

export function questionOf(policy: Policy, facts: Facts): Question {
  const { change, at, action } = facts;
  const eoc = dutyAt(facts, 'eoc', at);
  const standing: Approval[] = [];
  const doubtful: Approval[] = [];
  for (const approval of change.approvals) {
    const stands = approvalStands(change, approval, at);
    if (stands !== false) (stands === true ? standing : doubtful).push(approval);
  }
  return {
    policy,
    facts,
    change,
    at,
    action,
    ceremony: change.criticality === undefined ? undefined : policy.criticalities[change.criticality],
    kind: effectiveKind(policy, change, facts.errorBudgets),
    interval: intervalOf(facts),
    duty: {
      eoc,
      imoc: dutyAt(facts, 'imoc', at),
      cmoc: dutyAt(facts, 'cmoc', at),
    },
    eocAtStart: change.slot === null ? eoc : eocAt(facts, change.slot.start),
    standing,
    doubtful,
  };
}

function eocAt(facts: Facts, instant: number | undefined): OnDuty {
  return instant === undefined ? NOBODY_KNOWN : dutyAt(facts, 'eoc', instant);
}

function approvalStands(
  change: ChangeFacts,
  { at, expiresAt, digest, person }: Approval,
  now: number,
): Truth {
  if ((at !== undefined && at > now) || (expiresAt !== null && expiresAt <= now)) return false;
  const current = change.plan.digest;
  if (digest !== current && digest !== undefined && current !== undefined) return false;
  const byAuthor = person === undefined ? undefined : isAuthor({ change }, person);
  if (byAuthor === true) return false;
  return at === undefined || digest === undefined || current === undefined || byAuthor === undefined
    ? undefined
    : true;
}

/** Who holds a duty at an instant; nobody is known to if the rota is not. */
export function dutyAt(facts: Facts, duty: Duty, instant: number): OnDuty {
  return facts.rota === undefined ? NOBODY_KNOWN : onDuty(facts.rota[duty], instant);
}

/** Whether the change's criticality is held to a rule. */
export function asks({ ceremony }: Question, rule: RuleId): Truth {
  return ceremony === undefined ? undefined : ceremony.asks.has(rule);
}

/** Whether a severity runs alone and needs an event manager; by the policy S1 and S2 do. */
export function isSevere({ policy }: Question, severity: Severity | undefined): Truth {
  return severity === undefined ? undefined : policy.severities[severity].severe;
}

const RANK: Readonly<Record<Criticality, number>> = { C1: 1, C2: 2, C3: 3, C4: 4 };

/** Whether a criticality is lower (less ceremony) than the one demanded. */
export function isLower(criticality: Criticality, demanded: Criticality): boolean {
  return RANK[criticality] > RANK[demanded];
}

/** Whether the change runs a script. */
export function runsScript({ change }: Question): Truth {
  const { scriptSteps } = change.plan;
  return scriptSteps === undefined ? undefined : scriptSteps > 0;
}

/** Whether somebody wrote the request, or stands behind the bot that did. */
export function isAuthor({ change }: Pick<Question, 'change'>, person: string): Truth {
  if (person === change.authorIsBotOf) return true;
  return is(change.author, person);
}
