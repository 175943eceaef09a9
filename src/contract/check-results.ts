import { z } from 'zod';
import { STEP_LISTS } from '../kernel/run/state.ts';
import { changeId } from './changes.ts';
import { checkResult } from './check.ts';
import { runId } from './runs.ts';

const time = z.iso.datetime();

/** When a check is measured: around the run, around a step, or a while after. */
export const CHECK_MOMENTS = ['preflight', 'before', 'after', 'probe', 'postcheck', 'delayed'] as const;
export type CheckMoment = (typeof CHECK_MOMENTS)[number];

/** Names one kept result: a report with the place in it, or a delayed check of a run. */
export const keptCheck = z
  .string()
  .regex(/^(?:\d{1,18}\.(?:results|before|after)\.\d{1,4}|\d{1,18}\.result|RUN-[1-9]\d{0,17}\.\d{1,2})$/, {
    error: 'expected the `id` of a result as the list names it',
  });

/** What a check came to when it was measured last. */
export const measuredCheck = z.strictObject({
  id: keptCheck.describe('Names the result, for its raw answers.'),
  run: runId,
  moment: z.enum(CHECK_MOMENTS),
  list: z.enum(STEP_LISTS).nullable().describe('The list of the step around which it was measured.'),
  position: z.number().int().nullable().describe('The place of that step; of a delayed check its own.'),
  name: z.string(),
  verdict: checkResult.shape.verdict,
  because: z.string(),
  value: z.union([z.number(), z.string(), z.boolean(), z.null()]).describe('As it was measured last.'),
  measuredAt: time,
  measurements: z.number().int().describe('How many measurements the verdict rests on.'),
});
export type MeasuredCheck = z.infer<typeof measuredCheck>;

/** The newest result of every check that was measured of the plan as it is now. */
export const measuredChecks = z
  .strictObject({ checks: z.array(measuredCheck) })
  .meta({ id: 'MeasuredChecks' });
export type MeasuredChecks = z.infer<typeof measuredChecks>;

export const keptCheckPath = z.strictObject({ id: changeId, check: keptCheck });
