import type { RuleId } from './rule.ts';

/**
 * What each rule is about, in a few plain words, for people who do not know the rules by their ids. A topic and not a claim: it
 * stands beside `deny` as well as beside `pass`.
 */
export const RULE_TITLES = {
  'environment-known': 'Environment',
  'criticality-floor': 'Criticality of its topics',
  'kind-honest': 'Declared kind',
  'plan-complete': 'Sections of the plan',
  'preflight-present': 'Pre-flight checks',
  'postcheck-present': 'Post-verification',
  'checks-quantified': 'Values of the checks',
  'no-globs': 'Wildcards',
  'dry-run-attached': 'Dry run',
  'dry-run-unchanged': 'Repeated dry run',
  'targets-in-environment': 'Place of the targets',
  'director-approval': 'Director approval',
  'management-approval': 'Management approval',
  'review-quorum': 'Number of reviewers',
  'first-iteration-review': 'Review of the first iteration',
  'eoc-plan-review': 'Plan review by the EOC',
  'due-date': 'Date',
  'on-calendar': 'Production calendar',
  'allowed-hours': 'Hours of the day',
  'in-slot': 'Own slot',
  'soft-lock': 'Soft lock',
  'hard-lock': 'Hard lock',
  'eoc-coordination': 'EOC under a soft lock',
  'release-coordination': 'Release under a lock',
  announced: 'Announcement of the start',
  'eoc-written-issue': 'EOC approval on the issue',
  'eoc-written-chat': 'EOC approval in chat',
  'eoc-verbal': 'EOC approval by voice',
  'eoc-engaged': 'Presence of the EOC',
  'emoc-assigned': 'Event manager',
  'cmoc-assigned': 'Communications manager',
  'bridge-open': 'Change bridge',
  'no-active-incident': 'Incidents',
  'metrics-available': 'Proof of monitoring',
  exclusive: 'Running alone',
  awareness: 'Awareness of other changes',
  'eoc-veto': 'Veto of an EOC',
  'run-from-bastion': 'Bastion',
  'in-multiplexer': 'Terminal multiplexer',
  'planner-not-executor': 'Executor other than planner',
  'preflight-passed': 'Result of the pre-flight',
  'watched-metrics': 'Watched metrics',
  'updates-due': 'Updates to audiences',
  overrun: 'End of the slot',
  'postchecks-passed': 'Result of the post-verification',
  'handoff-written': 'Hand-off note',
} as const satisfies Readonly<Record<RuleId, string>>;

const TITLES: ReadonlyMap<string, string> = new Map(Object.entries(RULE_TITLES));

/** The title of a rule; `null` of one that is not known here. */
export function ruleTitle(rule: string): string | null {
  return TITLES.get(rule) ?? null;
}
