import type { OutlineStep, RunOutline } from '../../../src/kernel/run/outline.ts';
import type { RunSnapshot, StepRecord } from '../../../src/kernel/run/snapshot.ts';
import type { StepList } from '../../../src/kernel/run/state.ts';

/** A step with what a test wants different. */
export function step(
  name: string,
  more: Partial<RunOutline['steps'][number]> = {},
): RunOutline['steps'][number] {
  return {
    name,
    executable: true,
    safeStop: true,
    idempotent: false,
    interruptible: false,
    timeoutMs: 1_000,
    beforeChecks: [],
    afterChecks: [],
    hasProbe: false,
    undo: { nothing: 'it changes nothing' },
    ...more,
  };
}

export function undoing(name: string): OutlineStep {
  const { undo: _undo, ...rest } = step(name);
  return rest;
}

export function outline(steps: RunOutline['steps'], more: Partial<RunOutline> = {}): RunOutline {
  return {
    steps,
    rollback: [],
    preflights: [{ name: 'alive', corrective: false }],
    postchecks: ['well'],
    watched: [],
    pointOfNoReturn: null,
    ...more,
  };
}

export function record(list: StepList, position: number, more: Partial<StepRecord> = {}): StepRecord {
  return {
    list,
    position,
    state: 'pending',
    attempts: 0,
    failedAt: null,
    settlement: null,
    recheck: false,
    retry: false,
    probed: false,
    ...more,
  };
}

/** A run in its steps, with pre-flight passed, and every step pending but those that are given. */
export function running(
  of: RunOutline,
  given: readonly StepRecord[] = [],
  more: Partial<RunSnapshot> = {},
): RunSnapshot {
  const all = (['steps', 'rollback'] as const).flatMap((list) =>
    of[list].map(
      (_, position) =>
        given.find((one) => one.list === list && one.position === position) ?? record(list, position),
    ),
  );
  return {
    state: 'running',
    phase: 'steps',
    preflight: 'passed',
    postchecks: 'due',
    hold: null,
    holdWanted: false,
    grant: null,
    steps: all,
    ...more,
  };
}
