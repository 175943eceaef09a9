import { z } from 'zod';

/** The error budgets of the policy, as they were read last. */
export const errorBudgets = z.strictObject({
  budgets: z.array(
    z.strictObject({
      service: z.string(),
      threshold: z.number().describe('At this share or less it is burnt.'),
      query: z.string().nullable().describe('What tells it; `null`: nothing, so it is unknown.'),
      remaining: z
        .number()
        .nullable()
        .describe('Share that is left; `null`: unknown, which counts as burnt.'),
      burnt: z.boolean().describe('Whether a service change of it counts as maintenance.'),
      because: z.string(),
      readAt: z.iso.datetime().nullable(),
    }),
  ),
});
export type ErrorBudgets = z.infer<typeof errorBudgets>;
