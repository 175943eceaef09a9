/** Every state of a run, in the order of a run that goes well. */
export const RUN_STATES = [
  'preflight',
  'running',
  'held',
  'suspended',
  'verifying',
  'rolling-back',
  'succeeded',
  'failed',
  'rolled-back',
  'unknown',
] as const;
export type RunState = (typeof RUN_STATES)[number];

export const STEP_STATES = [
  'pending',
  'granted',
  'running',
  'succeeded',
  'failed',
  'cancelled',
  'skipped',
  'unknown',
] as const;
export type StepState = (typeof STEP_STATES)[number];

/** What a run works on, whether it is held there or not. */
export const RUN_PHASES = ['preflight', 'steps', 'postchecks', 'rollback'] as const;
export type RunPhase = (typeof RUN_PHASES)[number];

/** A list of steps of the plan: its own, or those of the rollback. */
export const STEP_LISTS = ['steps', 'rollback'] as const;
export type StepList = (typeof STEP_LISTS)[number];

/**
 * Which state may follow which. `unknown` as a run's end means: somebody gave the run up and stated that nobody can
 * tell what one of its steps did.
 */
const RUN_FOLLOWS = {
  preflight: ['running', 'held', 'failed'],
  running: ['held', 'verifying'],
  held: ['preflight', 'running', 'verifying', 'rolling-back', 'suspended', 'succeeded', 'failed', 'unknown'],
  suspended: ['held'],
  verifying: ['held', 'succeeded'],
  'rolling-back': ['held', 'rolled-back'],
  succeeded: [],
  failed: [],
  'rolled-back': [],
  unknown: [],
} as const satisfies Record<RunState, readonly RunState[]>;

/** A pending step becomes `succeeded` where it was a word that the run waited for. A failed step becomes `granted` again only as a retry, `succeeded` only by measuring its after checks again. */
const STEP_FOLLOWS = {
  pending: ['granted', 'skipped', 'succeeded'],
  granted: ['running', 'succeeded', 'failed', 'cancelled', 'unknown'],
  running: ['succeeded', 'failed', 'cancelled', 'unknown'],
  succeeded: ['failed'],
  failed: ['granted', 'succeeded'],
  cancelled: ['granted'],
  skipped: [],
  unknown: ['succeeded', 'failed'],
} as const satisfies Record<StepState, readonly StepState[]>;

/** Whether a run in state `from` may become `to`. Staying is always allowed. */
export function runMayBecome(from: RunState, to: RunState): boolean {
  const follows: readonly RunState[] = RUN_FOLLOWS[from];
  return from === to || follows.includes(to);
}

/** Whether a run in state `from` may come to `to` in one or two moves: what one transaction can do. */
export function runMayReach(from: RunState, to: RunState): boolean {
  return RUN_STATES.some((between) => runMayBecome(from, between) && runMayBecome(between, to));
}

/** Whether a step in state `from` may become `to`. Staying is always allowed. */
export function stepMayBecome(from: StepState, to: StepState): boolean {
  const follows: readonly StepState[] = STEP_FOLLOWS[from];
  return from === to || follows.includes(to);
}

/** A live run keeps its place on the stage: no second run of its change, and S1 and S2 keep everybody else off. */
export function isLive(state: RunState): boolean {
  return RUN_FOLLOWS[state].length > 0;
}

/** The state of a run that is not held and works on `phase`. */
export function stateOfPhase(phase: RunPhase): RunState {
  switch (phase) {
    case 'preflight':
      return 'preflight';
    case 'steps':
      return 'running';
    case 'postchecks':
      return 'verifying';
    case 'rollback':
      return 'rolling-back';
  }
}
