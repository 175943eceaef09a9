import { z } from 'zod';

const cursor = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

export const sampleQuery = z.strictObject({
  after: z.coerce.number().pipe(cursor).default(0).describe('`last` of the page before.'),
});

/** A page of what was measured of a run's watched metrics, the oldest first. */
export const samplePage = z
  .strictObject({
    samples: z.array(
      z.strictObject({
        metric: z.string().describe('Its name in the plan.'),
        at: z.iso.datetime().describe("When it came in, by the server's clock."),
        value: z.number().nullable().describe('`null`: no number was to be had, which is not zero.'),
        verdict: z.enum(['pass', 'fail', 'unknown']),
      }),
    ),
    last: cursor.describe('`after` of the next page; what is measured later comes behind it too.'),
    more: z.boolean().describe('Whether there is another page now.'),
  })
  .meta({ id: 'SamplePage' });
export type SamplePage = z.infer<typeof samplePage>;
