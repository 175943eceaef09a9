import type { RunOutline } from './outline.ts';
import type { RunSnapshot, StepRecord } from './snapshot.ts';
import { recordsOf } from './snapshot.ts';

/**
 * Whether a step may have changed something: it was executed at least in part. One that failed or was cancelled may
 * have done half of its work; one that ended before its command, or is proven not to have happened, did nothing.
 */
export function mayHaveActed(step: StepRecord): boolean {
  switch (step.state) {
    case 'pending':
    case 'skipped':
      return false;
    case 'granted':
    case 'running':
    case 'succeeded':
    case 'unknown':
      return true;
    case 'failed':
    case 'cancelled':
      if (step.settlement !== null) return step.settlement !== 'did-not-happen';
      return step.failedAt !== 'before' && step.failedAt !== 'spawn';
  }
}

/**
 * The rollback steps to run, as positions in the rollback's list: every step that may have acted is undone by its named
 * rollback step, the last one first. A rollback step named by two steps runs once, for the later of them.
 */
export function rollbackOrder(outline: RunOutline, run: RunSnapshot): readonly number[] {
  const order: number[] = [];
  for (const step of recordsOf(run, 'steps').toReversed()) {
    const undo = outline.steps[step.position]?.undo;
    if (undo === undefined || undo === null || !('step' in undo) || !mayHaveActed(step)) continue;
    const position = outline.rollback.findIndex(({ name }) => name === undo.step);
    if (position < 0) throw new Error(`expected a rollback step \`${undo.step}\`, got none`);
    if (!order.includes(position)) order.push(position);
  }
  return order;
}

/** Whether a rollback step has done its work and its checks hold. */
export function isUndone(step: StepRecord): boolean {
  return step.state === 'succeeded' && !step.recheck;
}

/** Why this run cannot be rolled back any more, or `null` if it can. */
export function pastNoReturn(outline: RunOutline, run: RunSnapshot): string | null {
  const point = outline.pointOfNoReturn;
  if (point === null) return null;
  const position = outline.steps.findIndex(({ name }) => name === point.after);
  const step = recordsOf(run, 'steps')[position];
  if (step === undefined || !mayHaveActed(step)) return null;
  return `step \`${point.after}\` was the point of no return: ${point.reason}`;
}
