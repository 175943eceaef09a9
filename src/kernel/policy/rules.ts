import type { Finding } from './finding.ts';
import type { Judged } from './judged.ts';
import type { Action, RuleId } from './rule.ts';
import { bridgeOpen, cmocAssigned, emocAssigned } from './rules-duty.ts';
import { eocCoordination, hardLock, releaseCoordination, softLock } from './rules-locks.ts';
import { metricsAvailable } from './rules-monitoring.ts';
import { inMultiplexer, plannerNotExecutor, runFromBastion } from './rules-place.ts';
import {
  checksQuantified,
  dryRunAttached,
  dryRunUnchanged,
  noGlobs,
  planComplete,
  postcheckPresent,
  preflightPresent,
  targetsInEnvironment,
} from './rules-plan.ts';
import { criticalityFloor, environmentKnown, kindHonest } from './rules-request.ts';
import {
  directorApproval,
  eocPlanReview,
  firstIterationReview,
  managementApproval,
  reviewQuorum,
} from './rules-review.ts';
import {
  handoffWritten,
  overrun,
  postchecksPassed,
  preflightPassed,
  updatesDue,
  watchedMetrics,
} from './rules-run.ts';
import { awareness, eocVeto, exclusive, noActiveIncident } from './rules-stage.ts';
import { announced, eocEngaged, eocVerbal, eocWrittenChat, eocWrittenIssue } from './rules-start.ts';
import { allowedHours, dueDate, inSlot, onCalendar } from './rules-time.ts';

/** The actions by the letters that the policy's table of rules has for them. */
const LETTERS = { A: 'ask', S: 'schedule', T: 'start', P: 'step', K: 'complete' } as const;
type Letter = keyof typeof LETTERS;

/** One rule: when it is asked, and what it finds; `null` if it does not apply to this change. */
export type Rule = {
  readonly at: readonly Action[];
  readonly judge: (question: Judged) => Finding | null;
};

/** What is asked before a step is asked before a rollback step too. */
function rule(letters: string, judge: Rule['judge']): Rule {
  const at = letters.split('').map((letter): Action => LETTERS[letter as Letter]);
  return { at: at.includes('step') ? [...at, 'rollback'] : at, judge };
}

/** The one table of all rules. */
export const RULE_TABLE = {
  'environment-known': rule('ASTPK', environmentKnown),
  'criticality-floor': rule('ST', criticalityFloor),
  'kind-honest': rule('ST', kindHonest),
  'plan-complete': rule('ST', planComplete),
  'preflight-present': rule('ST', preflightPresent),
  'postcheck-present': rule('ST', postcheckPresent),
  'checks-quantified': rule('ST', checksQuantified),
  'no-globs': rule('ST', noGlobs),
  'dry-run-attached': rule('ST', dryRunAttached),
  'dry-run-unchanged': rule('T', dryRunUnchanged),
  'targets-in-environment': rule('T', targetsInEnvironment),
  'director-approval': rule('ST', directorApproval),
  'management-approval': rule('ST', managementApproval),
  'review-quorum': rule('ST', reviewQuorum),
  'first-iteration-review': rule('ST', firstIterationReview),
  'eoc-plan-review': rule('ST', eocPlanReview),
  'due-date': rule('ST', dueDate),
  'on-calendar': rule('T', onCalendar),
  'allowed-hours': rule('AST', allowedHours),
  'in-slot': rule('ST', inSlot),
  'soft-lock': rule('ASTP', softLock),
  'hard-lock': rule('ASTP', hardLock),
  'eoc-coordination': rule('T', eocCoordination),
  'release-coordination': rule('T', releaseCoordination),
  announced: rule('T', announced),
  'eoc-written-issue': rule('T', eocWrittenIssue),
  'eoc-written-chat': rule('T', eocWrittenChat),
  'eoc-verbal': rule('T', eocVerbal),
  'eoc-engaged': rule('TP', eocEngaged),
  'emoc-assigned': rule('T', emocAssigned),
  'cmoc-assigned': rule('T', cmocAssigned),
  'bridge-open': rule('T', bridgeOpen),
  'no-active-incident': rule('ATP', noActiveIncident),
  'metrics-available': rule('ATP', metricsAvailable),
  exclusive: rule('AT', exclusive),
  awareness: rule('AT', awareness),
  'eoc-veto': rule('ASTP', eocVeto),
  'run-from-bastion': rule('TP', runFromBastion),
  'in-multiplexer': rule('T', inMultiplexer),
  'planner-not-executor': rule('T', plannerNotExecutor),
  'preflight-passed': rule('P', preflightPassed),
  'watched-metrics': rule('P', watchedMetrics),
  'updates-due': rule('P', updatesDue),
  overrun: rule('P', overrun),
  'postchecks-passed': rule('K', postchecksPassed),
  'handoff-written': rule('K', handoffWritten),
} satisfies Record<RuleId, Rule>;
