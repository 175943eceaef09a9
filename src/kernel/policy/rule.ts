/** Every rule of the policy by its public id, in the order in which verdicts are listed. */
export const RULES = [
  'environment-known',
  'criticality-floor',
  'kind-honest',
  'plan-complete',
  'preflight-present',
  'postcheck-present',
  'checks-quantified',
  'no-globs',
  'dry-run-attached',
  'dry-run-unchanged',
  'targets-in-environment',
  'director-approval',
  'management-approval',
  'review-quorum',
  'first-iteration-review',
  'eoc-plan-review',
  'due-date',
  'on-calendar',
  'allowed-hours',
  'in-slot',
  'soft-lock',
  'hard-lock',
  'eoc-coordination',
  'release-coordination',
  'announced',
  'eoc-written-issue',
  'eoc-written-chat',
  'eoc-verbal',
  'eoc-engaged',
  'emoc-assigned',
  'cmoc-assigned',
  'bridge-open',
  'no-active-incident',
  'metrics-available',
  'exclusive',
  'awareness',
  'eoc-veto',
  'run-from-bastion',
  'in-multiplexer',
  'planner-not-executor',
  'preflight-passed',
  'watched-metrics',
  'updates-due',
  'overrun',
  'postchecks-passed',
  'handoff-written',
] as const;
export type RuleId = (typeof RULES)[number];

/** What is asked: may it be accepted, started, continued, undone, closed; `ask` needs no plan. */
export const ACTIONS = ['ask', 'schedule', 'start', 'step', 'rollback', 'complete'] as const;
export type Action = (typeof ACTIONS)[number];

/** `excepted`: would deny, but an approved exception, exemption or emergency stands. `unknown` counts as `deny`. */
export const VERDICTS = ['pass', 'deny', 'unknown', 'warn', 'excepted'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** What one rule says, and why. `clearsAt` (epoch ms) is there only if time alone clears it. */
export type RuleVerdict = {
  readonly rule: RuleId;
  readonly verdict: Verdict;
  readonly because: string;
  readonly clearsAt?: number;
};

/** The answer to one question. `nextOpening`: epoch ms, or `null` if time alone will not open it within the limit. */
export type Decision = {
  readonly allowed: boolean;
  readonly verdicts: readonly RuleVerdict[];
  readonly nextOpening: number | null;
};
