import { verdictsOf } from './decide.ts';
import { effectiveKind } from './effective-kind.ts';
import type { Facts, Kind } from './facts.ts';
import { floorOf, type Floor } from './floor.ts';
import type { NeedSort } from './need.ts';
import type { Policy } from './policy.ts';
import type { Profile } from './profile.ts';
import { requirementOf } from './requirement.ts';
import type { Action, RuleId, Verdict } from './rule.ts';
import { RULE_TABLE } from './rules.ts';

/** One thing that a request needs before it is over. */
export type Need = {
  readonly rule: RuleId;
  readonly sort: NeedSort;
  /** In words, as the policy asks it of a change of this kind. */
  readonly what: string;
  /** The next act that is refused without it. */
  readonly at: Action;
  readonly verdict: Verdict;
  readonly because: string;
};

/** What a request counts as, whatever it calls itself, and what it needs. */
export type Ceremony = {
  readonly floor: Floor;
  readonly kind: { readonly kind: Kind | 'unknown'; readonly because: string };
  readonly needs: readonly Need[];
};

/** Which rules ask for something that people bring. The others ask how production is at that moment. */
const SORTS = {
  'environment-known': null,
  'criticality-floor': null,
  'kind-honest': null,
  'plan-complete': null,
  'preflight-present': 'check',
  'postcheck-present': 'check',
  'checks-quantified': 'check',
  'no-globs': null,
  'dry-run-attached': 'check',
  'dry-run-unchanged': 'check',
  'targets-in-environment': null,
  'director-approval': 'approval',
  'management-approval': 'approval',
  'review-quorum': 'approval',
  'first-iteration-review': 'approval',
  'eoc-plan-review': 'approval',
  'due-date': 'slot',
  'on-calendar': 'slot',
  'allowed-hours': 'slot',
  'in-slot': null,
  'soft-lock': null,
  'hard-lock': null,
  'eoc-coordination': 'approval',
  'release-coordination': 'approval',
  announced: 'word',
  'eoc-written-issue': 'approval',
  'eoc-written-chat': 'approval',
  'eoc-verbal': 'approval',
  'eoc-engaged': 'role',
  'emoc-assigned': 'role',
  'cmoc-assigned': 'role',
  'bridge-open': 'word',
  'no-active-incident': null,
  'metrics-available': null,
  exclusive: null,
  awareness: null,
  'eoc-veto': null,
  'run-from-bastion': null,
  'in-multiplexer': null,
  'planner-not-executor': null,
  'preflight-passed': 'check',
  'watched-metrics': null,
  'updates-due': null,
  overrun: null,
  'postchecks-passed': 'check',
  'handoff-written': 'word',
} as const satisfies Record<RuleId, NeedSort | null>;

/**
 * Judges a request for people who prepare it. `ahead`: the acts that still lie before it, in their order; a need is judged at the
 * first of them that asks for it, by the rules of `decide` themselves, so that it can never say anything else than the verdict.
 */
export function ceremonyOf(policy: Policy, facts: Facts, ahead: readonly Action[]): Ceremony {
  const { change } = facts;
  const { maintenance, because } = effectiveKind(policy, change, facts.errorBudgets);
  const kind = maintenance === undefined ? 'unknown' : maintenance ? 'maintenance' : 'service';
  return {
    floor: floorOf(policy, change),
    kind: { kind, because },
    needs: needsOf(policy, facts, kind, ahead),
  };
}

function needsOf(
  policy: Policy,
  facts: Facts,
  kind: Ceremony['kind']['kind'],
  ahead: readonly Action[],
): readonly Need[] {
  const profile = profileOf(facts, kind);
  return ahead.flatMap((at, place) => {
    const isNew = (rule: RuleId) =>
      SORTS[rule] !== null && !ahead.slice(0, place).some((earlier) => RULE_TABLE[rule].at.includes(earlier));
    return verdictsOf(policy, { ...facts, action: at }, isNew).flatMap(({ rule, verdict, because }) => {
      const sort = SORTS[rule];
      if (sort === null) return [];
      const what = (profile && requirementOf(policy, profile, rule)?.what) ?? because;
      return [{ rule, sort, what, at, verdict, because }];
    });
  });
}

function profileOf(
  { change: { criticality, severity, deployment, procedure } }: Facts,
  kind: Ceremony['kind']['kind'],
): Profile | null {
  if (criticality === undefined || severity === undefined) return null;
  return {
    criticality,
    severity,
    deployment,
    // What nobody knows is prepared for as the stricter of the two.
    kind: kind === 'service' ? 'service' : 'maintenance',
    graduated: procedure?.graduated === true,
  };
}

/** Whether a need still stands between the request and its end. */
export function isUnmet({ verdict }: Pick<Need, 'verdict'>): boolean {
  return verdict === 'deny' || verdict === 'unknown' || verdict === 'warn';
}
