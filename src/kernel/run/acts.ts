import type { HoldLimits } from './hold.ts';
import type { RunOutline } from './outline.ts';
import { stepAt } from './outline.ts';
import { mayHaveActed, pastNoReturn } from './rollback.ts';
import type { RunSnapshot, StepRecord } from './snapshot.ts';
import { underWay } from './snapshot.ts';

/** What a person may do to a run. */
export const RUN_ACTS = [
  'start',
  'take-over',
  'hold',
  'go-on',
  'roll-back',
  'abort',
  'settle',
  'suspend',
  'approve-step',
  'hand-off',
  'accept-difference',
] as const;
export type RunAct = (typeof RUN_ACTS)[number];

/** Those that are said of a live run by a person, wherever they are. */
export const RUN_WORDS = [
  'hold',
  'go-on',
  'roll-back',
  'abort',
  'settle',
  'suspend',
  'approve-step',
] as const satisfies readonly RunAct[];
export type RunWord = (typeof RUN_WORDS)[number];

/** What a person is to a change at this instant. */
export const STANDINGS = [
  'executor',
  'team',
  'emoc',
  'eoc',
  'imoc',
  'management',
  'director',
  'vpe',
  'reviewer',
] as const;
export type Standing = (typeof STANDINGS)[number];

/** Whose word a step may wait for. */
export const APPROVAL_ROLES = [
  'eoc',
  'imoc',
  'management',
  'director',
  'vpe',
  'reviewer',
] as const satisfies readonly Standing[];
export type ApprovalRole = (typeof APPROVAL_ROLES)[number];

/** Who may do what to a run: having any one of the standings suffices. `suspend` needs EOC and IMOC, one word each. */
export const WHO_MAY = {
  start: ['executor'],
  'take-over': ['executor', 'team'],
  hold: ['executor', 'team', 'emoc', 'eoc', 'imoc', 'management'],
  'go-on': ['executor', 'team', 'emoc', 'eoc', 'imoc'],
  'roll-back': ['executor', 'team', 'emoc', 'eoc', 'imoc'],
  abort: ['executor', 'team', 'emoc', 'eoc', 'imoc'],
  settle: ['executor', 'team', 'emoc', 'eoc', 'imoc'],
  suspend: ['eoc', 'imoc'],
  'approve-step': APPROVAL_ROLES,
  'hand-off': ['executor', 'team', 'emoc'],
  'accept-difference': ['reviewer', 'eoc'],
} as const satisfies Record<RunAct, readonly Standing[]>;

/** Whether somebody with these standings may do it at all; whether it can be done now is asked apart. */
export function mayAct(act: RunAct, standings: readonly Standing[]): boolean {
  const allowed: readonly Standing[] = WHO_MAY[act];
  return standings.some((standing) => allowed.includes(standing));
}

/** The instant, the numbers, and who asks. */
export interface ActQuestion {
  readonly now: number;
  readonly limits: HoldLimits;
  readonly standings: readonly Standing[];
  /** When the last incident ended, as far as anybody knows; nobody may have asked the verdict while it was active. */
  readonly incidentEndedAt: number | null;
  /** Whether a runner holds the lease. */
  readonly runnerAlive: boolean;
}

/** Why this run cannot go on now, or `null` if it can be asked to. */
export function refuseGoOn(outline: RunOutline, run: RunSnapshot, question: ActQuestion): string | null {
  const { hold } = run;
  if (run.state !== 'held' || hold === null) return `expected a held run, got one that is \`${run.state}\``;
  if (hold.cause === 'approval') return `${hold.because}: only that word lets it go on`;
  if (!question.runnerAlive) return 'no runner holds this run: take it over on the bastion first';
  const duty = question.standings.some((standing) => standing === 'eoc' || standing === 'imoc');
  if (hold.dutyOnly && !duty)
    return `held by \`${hold.by ?? ''}\` on duty: only the EOC or the IMOC releases it`;
  if (hold.cause === 'incident') {
    if (hold.clearSince === null) return 'an incident is still active';
    const from = Math.max(hold.clearSince, question.incidentEndedAt ?? 0) + question.limits.coolDownMs;
    if (question.now < from)
      return `the cool-down after the incident ends in ${seconds(from - question.now)} s`;
  }
  const stuck = run.steps.find((step) => isStuck(run, step));
  return stuck === undefined ? null : refuseStep(outline, stuck);
}

/** A run that was told to go on: what is to be tried or measured again, with the step marked for it. */
export function goOn(run: RunSnapshot, by: string): RunSnapshot {
  const incident = run.hold?.cause === 'incident';
  return {
    ...run,
    hold: run.hold === null ? null : { ...run.hold, releasedBy: by },
    preflight: incident || run.preflight === 'failed' ? 'due' : run.preflight,
    postchecks: run.postchecks === 'failed' ? 'due' : run.postchecks,
    steps: run.steps.map((step) => {
      if (!isStuck(run, step)) return step;
      return step.failedAt === 'after' ? { ...step, recheck: true } : { ...step, retry: true };
    }),
  };
}

/** Why this run cannot be rolled back now, or `null` if it can. Nothing but the plan and open steps stand against it. */
export function refuseRollback(outline: RunOutline, run: RunSnapshot): string | null {
  const idle = refuseUnlessIdle(run);
  if (idle !== null) return idle;
  if (run.phase === 'rollback') return 'it is being rolled back already: go on with it';
  if (!run.steps.some((step) => step.list === 'steps' && mayHaveActed(step))) {
    return 'no step was executed: there is nothing to undo, abort it';
  }
  return pastNoReturn(outline, run);
}

/** Why this run cannot be given up now, or `null` if it can. */
export function refuseAbort(run: RunSnapshot): string | null {
  return refuseUnlessIdle(run);
}

/** How a run that is given up ends: `unknown` if it leaves behind a step of which nobody can tell what it did. */
export function endOfAbort(run: RunSnapshot): 'failed' | 'unknown' {
  return run.steps.some((step) => step.settlement === 'undetermined') ? 'unknown' : 'failed';
}

/** Why this step cannot be settled by a person's statement, or `null` if it can. */
export function refuseSettle(step: StepRecord): string | null {
  return step.state === 'unknown' ? null : `expected an unknown step, got one that is \`${step.state}\``;
}

/** Why this run cannot be suspended now, or `null` if it can. */
export function refuseSuspend(run: RunSnapshot): string | null {
  return refuseUnlessIdle(run);
}

function refuseUnlessIdle(run: RunSnapshot): string | null {
  if (run.state !== 'held') return `expected a held run, got one that is \`${run.state}\`: hold it first`;
  const open = run.steps.find(underWay);
  if (open !== undefined) return 'a step is still under way: wait for its end';
  const unknown = run.steps.find(({ state }) => state === 'unknown');
  return unknown === undefined ? null : 'what one step did is unknown: settle it first';
}

/** A step of the list that is worked on, which ended badly and was not told to be tried or measured again. */
function isStuck(run: RunSnapshot, step: StepRecord): boolean {
  if (step.list !== (run.phase === 'rollback' ? 'rollback' : 'steps') || step.retry || step.recheck)
    return false;
  return step.state === 'failed' || step.state === 'cancelled' || step.state === 'unknown';
}

function refuseStep(outline: RunOutline, step: StepRecord): string | null {
  const { name, idempotent } = stepAt(outline, step.list, step.position);
  if (step.state === 'unknown') return `what step \`${name}\` did is unknown: settle it first`;
  if (step.failedAt === 'after' || (!mayHaveActed(step) && step.settlement === null)) return null;
  return idempotent ? null : `step \`${name}\` is not idempotent and is not tried again: roll back or abort`;
}

function seconds(ms: number): number {
  return Math.ceil(ms / 1_000);
}
