import { z } from 'zod';
import { STEP_LISTS } from '../kernel/run/state.ts';
import { runView } from './runs.ts';

/** How far a run is, of the steps that it is at: those of its plan, or of the rollback. */
const runProgress = z.strictObject({
  list: z.enum(STEP_LISTS),
  done: z.number().int().min(0).describe('Steps that succeeded or were skipped.'),
  of: z.number().int().min(0),
  at: z.string().nullable().describe('Name of the step that is under way.'),
});

/** A run in a list: a plan may have a thousand steps, and the list names the one under way. */
export const runInList = runView.omit({ steps: true }).extend({ progress: runProgress });
export type RunInList = z.infer<typeof runInList>;

export const runList = z.strictObject({ runs: z.array(runInList) });
export type RunList = z.infer<typeof runList>;
