import { DAY_MS } from '../calendar/hours.ts';
import type { LockKind } from './facts.ts';
import { listed, numberOf } from './in-words.ts';
import type { RequirementText } from './requirement.ts';
import type { Policy } from './policy.ts';
import { isMaintenance, isMature, type Profile } from './profile.ts';
import type { RuleId } from './rule.ts';

/** A text where the criticality is held to the rule. */
function ifAsked(rule: RuleId, text: RequirementText): RequirementText {
  return (policy, profile) =>
    policy.criticalities[profile.criticality].asks.has(rule) ? text(policy, profile) : null;
}

function always(text: string): RequirementText {
  return () => text;
}

/** What is asked while a change is prepared and scheduled. */
export const PREPARATION = {
  'environment-known': ({ environments }) => {
    const operational = [...environments].filter(([, { operational: is }]) => is).map(([name]) => name);
    return `The environment is one of the policy; operational: ${listed(operational)}.`;
  },
  'criticality-floor': ({ topics, downtime }, { criticality }) => {
    const fitting = [...topics].filter(([, floor]) => floor >= criticality).map(([name]) => name);
    const which = fitting.length === topics.size ? 'any topic of the policy' : listed(fitting);
    return `Its topics allow ${criticality}: ${which}. With downtime it is ${downtime}.`;
  },
  'kind-honest': (_, { kind }) =>
    kind === 'service' ? 'Declared a service change, it has no manual step and no downtime.' : null,
  'plan-complete': always('The plan has every section, filled in, and a rollback plan.'),
  'preflight-present': always('At least one pre-flight check.'),
  'postcheck-present': always('At least one post-verification check.'),
  'checks-quantified': always('Every check has a value to compare with.'),
  'no-globs': always('No unresolved wildcard in a step or its scripts.'),
  'dry-run-attached': ({ limits }) =>
    `If it runs a script: a successful dry run of this very plan, at most ${numberOf(limits.dryRunAgeMs / DAY_MS, 'day')} old at the start.`,
  'dry-run-unchanged': always(
    'If it runs a script: the dry run repeated just before the start shows the same, or the difference was accepted.',
  ),
  'targets-in-environment': always('Every target it names is proven to be in the environment.'),
  'director-approval': (policy, profile) =>
    isMaintenance(policy, profile) ? `The plan is approved by ${policy.approvals.director.inWords}.` : null,
  'management-approval': ifAsked('management-approval', (policy, profile) =>
    isMature(policy, profile) ? null : `The plan is approved by ${policy.approvals.management.inWords}.`,
  ),
  'review-quorum': (policy, profile) => (isMaintenance(policy, profile) ? quorum(policy, profile) : null),
  'first-iteration-review': ifAsked('first-iteration-review', (policy, profile) =>
    isMaintenance(policy, profile) || profile.graduated
      ? null
      : `Without a procedure that has run successfully: one review by ${policy.approvals.review.inWords}.`,
  ),
  'eoc-plan-review': ifAsked('eoc-plan-review', (policy, profile) =>
    isMature(policy, profile) ? null : 'The plan is reviewed by a person who is EOC at its start.',
  ),
  'due-date': ifAsked('due-date', always('It has a slot.')),
  'on-calendar': ifAsked('on-calendar', always('Its slot is on the Production calendar.')),
  'allowed-hours': ({ criticalities }, { criticality }) =>
    `It runs ${criticalities[criticality].hoursInWords}, its rollback included.`,
  'in-slot': always('It starts in its slot, early enough for steps and rollback to end there.'),
  'soft-lock': ifAsked('soft-lock', (_, { deployment }) =>
    deployment === 'canary' ? null : freeOfLocks('soft', deployment),
  ),
  'hard-lock': (_, { deployment }) => freeOfLocks('hard', deployment),
} satisfies Partial<Record<RuleId, RequirementText>>;

function freeOfLocks(kind: LockKind, deployment: Profile['deployment']): string {
  const release = deployment === null ? '' : ', or it is the monthly release on its day';
  return `No ${kind} lock overlaps it, unless it is exempted from that lock${release}.`;
}

function quorum({ severities, approvals }: Policy, { severity }: Profile): string {
  const { reviewers } = severities[severity];
  const { inWords } = approvals.review;
  const whom = reviewers === 1 ? inWords : `${reviewers} different persons, each of them ${inWords}`;
  return `The plan is approved by ${whom}.`;
}
