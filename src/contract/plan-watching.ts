import { z } from 'zod';
import { checkFields, oneMeasure } from './check.ts';
import { duration } from './duration.ts';

/** A check of a plan that is measured a while after the change is complete. */
const delayedCheck = z
  .strictObject({ ...checkFields, after: duration.describe('After the end of the run.') })
  .refine(oneMeasure.exactlyOne, oneMeasure.otherwise)
  .meta(oneMeasure.jsonSchema);

/** How long a complete change is watched, and what is measured meanwhile. */
export const watching = z.strictObject({
  for: duration.describe('From the end of the run on.'),
  checks: z
    .array(delayedCheck)
    .min(1)
    .max(100)
    .refine((checks) => new Set(checks.map(({ name }) => name)).size === checks.length, {
      error: 'expected checks each with a name of its own',
    }),
});
