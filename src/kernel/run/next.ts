import { isUndone, rollbackOrder } from './rollback.ts';
import type { RunOutline } from './outline.ts';
import { segmentsOf, stepAt } from './outline.ts';
import type { RunSnapshot, StepRecord } from './snapshot.ts';
import { recordsOf, underWay } from './snapshot.ts';
import type { RunState, StepList } from './state.ts';

/** What a run wants to do next. Only `step` and `correct` change anything outside, and only under a grant. */
export type Want =
  | { readonly kind: 'preflight' }
  | { readonly kind: 'correct' }
  | { readonly kind: 'step'; readonly list: StepList; readonly position: number; readonly segment: number }
  | { readonly kind: 'approval'; readonly list: 'steps'; readonly position: number }
  | { readonly kind: 'recheck'; readonly list: StepList; readonly position: number }
  | { readonly kind: 'probe'; readonly list: StepList; readonly position: number }
  | { readonly kind: 'wait'; readonly list: StepList; readonly position: number }
  | { readonly kind: 'stuck'; readonly list: StepList; readonly position: number }
  | { readonly kind: 'postchecks' }
  | { readonly kind: 'complete' }
  | { readonly kind: 'end'; readonly state: RunState };

/**
 * The next thing to do, were the run not held. A pure function of the record: a new runner, or a server that was
 * started again, comes to the same answer.
 */
export function nextWant(outline: RunOutline, run: RunSnapshot): Want {
  // INVARIANT: nothing is begun while a step is between its grant and its report, or unknown.
  const open = run.steps.find((step) => underWay(step) || step.state === 'unknown');
  if (open !== undefined) return wantOfOpen(outline, open);
  switch (run.phase) {
    case 'preflight':
      return wantOfPreflight(run);
    case 'steps':
      return run.preflight === 'passed' ? wantOfSteps(outline, run) : wantOfPreflight(run);
    case 'postchecks':
      return run.postchecks === 'passed' ? { kind: 'complete' } : { kind: 'postchecks' };
    case 'rollback':
      return wantOfRollback(outline, run);
  }
}

function wantOfOpen(outline: RunOutline, step: StepRecord): Want {
  const { list, position } = step;
  if (underWay(step)) return { kind: 'wait', list, position };
  const probes = stepAt(outline, list, position).hasProbe && !step.probed;
  return { kind: probes ? 'probe' : 'stuck', list, position };
}

function wantOfPreflight(run: RunSnapshot): Want {
  switch (run.preflight) {
    case 'due':
      return { kind: 'preflight' };
    case 'correct':
      return { kind: 'correct' };
    case 'failed':
      // Before the first step that ends the change; later (measured again after an incident) it is a person's to weigh.
      return run.steps.every((step) => step.state === 'pending')
        ? { kind: 'end', state: 'failed' }
        : { kind: 'preflight' };
    case 'passed':
      throw new Error('expected pre-flight checks that are not passed');
  }
}

function wantOfSteps(outline: RunOutline, run: RunSnapshot): Want {
  const segments = segmentsOf(outline, 'steps');
  for (const step of recordsOf(run, 'steps')) {
    const want = wantOfStep(step, segments[step.position] ?? 0);
    if (want?.kind === 'step' && outline.steps[step.position]?.approval !== undefined) {
      return { kind: 'approval', list: 'steps', position: step.position };
    }
    if (want !== null) return want;
  }
  return { kind: 'postchecks' };
}

function wantOfRollback(outline: RunOutline, run: RunSnapshot): Want {
  const records = recordsOf(run, 'rollback');
  for (const position of rollbackOrder(outline, run)) {
    const step = records[position];
    if (step === undefined) throw new Error(`expected a record of rollback step \`${position}\`, got none`);
    const want = isUndone(step) ? null : wantOfStep(step, position);
    if (want !== null) return want;
  }
  return { kind: 'end', state: 'rolled-back' };
}

function wantOfStep(step: StepRecord, segment: number): Want | null {
  const { list, position } = step;
  if (step.recheck) return { kind: 'recheck', list, position };
  switch (step.state) {
    case 'succeeded':
    case 'skipped':
      return null;
    case 'pending':
      return { kind: 'step', list, position, segment };
    case 'failed':
    case 'cancelled':
      return step.retry ? { kind: 'step', list, position, segment } : { kind: 'stuck', list, position };
    case 'granted':
    case 'running':
    case 'unknown':
      throw new Error(`expected no open step, got \`${list}/${position}\` in \`${step.state}\``);
  }
}
