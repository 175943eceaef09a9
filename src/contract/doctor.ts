import { z } from 'zod';

/** One thing that was looked at, and how it is. */
export const finding = z.strictObject({
  part: z.string().describe('What was looked at.'),
  status: z.enum(['ok', 'warning', 'wrong']),
  text: z.string().describe('What was found; where it is wrong, what was expected.'),
});
export type Finding = z.infer<typeof finding>;

/** A server's own look at itself. */
export const examination = z
  .strictObject({
    at: z.iso.datetime().describe("The database's clock."),
    findings: z.array(finding),
  })
  .meta({ id: 'Examination' });
export type Examination = z.infer<typeof examination>;
