import type { StoredStep } from '../../store/run-steps.ts';
import type { StoredRun } from '../../store/runs.ts';
import type { AppContext } from '../context.ts';

/** Versions of runs whose steps are held here; of a run with a thousand steps one takes about half a megabyte. */
const MOST = 16;
const SEEN = new WeakMap<AppContext, Map<string, readonly StoredStep[]>>();

type Version = Pick<StoredRun, 'id' | 'version'>;

/**
 * Holds what the steps of a run are at a version, so that whoever has that version is told only what came since. Nothing is
 * decided by it, and whoever comes from another server with a version that is not held is told everything.
 *
 * INVARIANT: only what is committed is held. Every change of a step makes a new version in its own transaction.
 */
export function holdSteps(context: AppContext, run: Version, steps: readonly StoredStep[]): void {
  const held = SEEN.get(context) ?? new Map<string, readonly StoredStep[]>();
  SEEN.set(context, held);
  held.delete(keyOf(run));
  held.set(keyOf(run), steps);
  for (const oldest of held.keys()) {
    if (held.size <= MOST) break;
    held.delete(oldest);
  }
}

/** The steps that are not what they were at a version; all of them where that is not held. */
export function stepsSince(
  context: AppContext,
  run: Version,
  steps: readonly StoredStep[],
  since: number | undefined,
): readonly StoredStep[] {
  if (since === undefined) return steps;
  const before = SEEN.get(context)?.get(keyOf({ id: run.id, version: since }));
  // The steps of a run are always the same ones in the same order.
  return before === undefined ? steps : steps.filter((step, index) => !isSame(step, before[index]));
}

function isSame(step: StoredStep, before: StoredStep | undefined): boolean {
  if (step === before) return true;
  if (before === undefined) return false;
  return (Object.keys(step) as (keyof StoredStep)[]).every((field) => step[field] === before[field]);
}

function keyOf({ id, version }: Version): string {
  return `${id} ${version}`;
}
