import type { RunPhase, RunState, StepList, StepState } from './state.ts';
import type { Hold } from './hold.ts';

/** Where a step failed. `before` and `spawn`: nothing was executed. */
export const FAILURE_POINTS = ['before', 'spawn', 'command', 'after'] as const;
export type FailurePoint = (typeof FAILURE_POINTS)[number];

/** How an unknown step was settled. `undetermined`: a person stated that nobody can tell. */
export const SETTLEMENTS = ['happened', 'did-not-happen', 'undetermined'] as const;
export type Settlement = (typeof SETTLEMENTS)[number];

/** What is recorded of one step of a run. */
export interface StepRecord {
  readonly list: StepList;
  readonly position: number;
  readonly state: StepState;
  readonly attempts: number;
  readonly failedAt: FailurePoint | null;
  readonly settlement: Settlement | null;
  /** Its after checks are to be measured (again) before the run goes on. */
  readonly recheck: boolean;
  /** A person asked for another attempt. */
  readonly retry: boolean;
  /** Its probe was measured since it became unknown, and could not tell. */
  readonly probed: boolean;
}

/** A grant that has not been closed. Instants are epoch milliseconds. */
export interface LiveGrant {
  readonly list: StepList;
  readonly segment: number;
  readonly expiresAt: number;
}

/** How far the pre-flight or post-verification checks are. */
export type ChecksState = 'due' | 'correct' | 'passed' | 'failed';

/** Everything that says what a run does next. */
export interface RunSnapshot {
  readonly state: RunState;
  readonly phase: RunPhase;
  readonly preflight: ChecksState;
  readonly postchecks: ChecksState;
  readonly hold: Hold | null;
  readonly holdWanted: boolean;
  readonly grant: LiveGrant | null;
  readonly steps: readonly StepRecord[];
}

/** The records of one list, in its order. */
export function recordsOf(run: RunSnapshot, list: StepList): readonly StepRecord[] {
  return run.steps.filter((step) => step.list === list).toSorted((a, b) => a.position - b.position);
}

/** Whether a step is between its grant and its report. */
export function underWay(step: StepRecord): boolean {
  return step.state === 'granted' || step.state === 'running';
}
