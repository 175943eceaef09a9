import { z } from 'zod';
import { checkResult } from './check.ts';
import { runId } from './runs.ts';

const time = z.iso.datetime();
const position = z.number().int().min(0).max(99);

/** A delayed check of a complete run, as everybody may see it. */
export const delayedCheckView = z.strictObject({
  run: runId,
  position,
  name: z.string(),
  dueAt: time,
  due: z.boolean().describe("Whether its time has come, by the database's clock, and it is open."),
  verdict: z
    .enum(['pass', 'fail'])
    .nullable()
    .describe('`null` while nobody has measured it, or nobody could.'),
  because: z.string().nullable().describe('Of the newest measurement.'),
  measuredAt: time.nullable(),
  by: z.string().nullable(),
  host: z.string().nullable(),
  overdueAt: time.nullable().describe('When people were told that nobody had measured it.'),
});
export type DelayedCheckView = z.infer<typeof delayedCheckView>;

export const delayedChecks = z.strictObject({ checks: z.array(delayedCheckView) });

/** What a bastion measured. */
export const delayedMeasurement = z.strictObject({ run: runId, position, result: checkResult });
export type DelayedMeasurement = z.infer<typeof delayedMeasurement>;
