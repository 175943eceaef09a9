import { z } from 'zod';

/** The alerts that fire while a run is under way. */
export const runAlerts = z
  .strictObject({
    because: z
      .string()
      .nullable()
      .describe(
        'Why the alerts could not be had: then none are listed, which does not mean that there are none.',
      ),
    alerts: z.array(
      z.strictObject({
        name: z.string(),
        summary: z.string().nullable(),
        target: z
          .string()
          .nullable()
          .describe('The target of the run that it names; `null`: its environment alone.'),
        startsAt: z.iso.datetime(),
        judged: z
          .enum(['since', 'before'])
          .describe(
            '`since`: it began with the run or after, and counts as its doing; `before`: it fired already.',
          ),
      }),
    ),
  })
  .meta({ id: 'RunAlerts' });
export type RunAlerts = z.infer<typeof runAlerts>;
