import { withoutGrant, withRun, type RunEvent, type RunFile } from './run-file.ts';

/** The states in which a run is over. */
export type EndState = 'succeeded' | 'failed' | 'rolled-back' | 'unknown';

/** Ends a run: its lease, its grant, and the steps that were never begun. */
export function endRun(file: RunFile, state: EndState, because: string): { file: RunFile; event: RunEvent } {
  const over = withoutGrant(file, 'the run ended');
  const steps = over.steps.map((step) =>
    step.state === 'pending' ? { ...step, state: 'skipped' as const } : step,
  );
  const ended = withRun(
    { ...over, steps },
    { state, hold: null, holdWanted: null, leaseExpiresAt: null, takeOverFrom: null, endedAt: file.now },
  );
  const event: RunEvent = {
    type: 'run.ended',
    action: 'complete',
    outcome: state === 'succeeded' ? 'allow' : 'error',
    reason: `${state}: ${because}`.slice(0, 2_000),
    details: { state },
  };
  return { file: ended, event };
}
