import { z } from 'zod';
import { CHANGE_STATES } from '../kernel/change/state.ts';
import { SEVERITIES } from '../kernel/policy/facts.ts';
import { RULES } from '../kernel/policy/rule.ts';
import { instant } from './instant.ts';

const time = z.iso.datetime();
const count = z.int().min(0);
const share = z.number().min(0).max(1).nullable();
const minutes = z.number().min(0);

export const measuresQuery = z
  .strictObject({
    from: instant.optional().describe('Where the time begins, inclusive; 30 days before its end.'),
    to: instant.optional().describe('Where it ends, exclusive; now.'),
  })
  .refine(({ from, to }) => from === undefined || to === undefined || from < to, {
    error: 'expected `to` to be after `from`',
    path: ['to'],
  });
export type MeasuresQuery = z.output<typeof measuresQuery>;

export const measures = z.strictObject({
  from: time,
  to: time,
  started: z
    .strictObject({
      changes: count,
      service: share.describe('Share of those that started as service changes, by effective kind.'),
      automated: share.describe('Share of those without a step by hand.'),
      leadTime: z
        .strictObject({ medianMinutes: minutes, p90Minutes: minutes })
        .nullable()
        .describe('From opened to started.'),
    })
    .describe('Changes whose first run began in the time; `null` where there is nothing to share.'),
  ended: z
    .strictObject({
      ran: count.describe('Changes whose last run ended in the time.'),
      failureRate: share.describe(
        'Share of them that did not succeed, or at whose door an incident was laid.',
      ),
      states: z.array(z.strictObject({ state: z.enum(CHANGE_STATES), changes: count })),
    })
    .describe('Changes that came to their end in the time.'),
  refusals: z
    .array(
      z.strictObject({
        rule: z.enum(RULES),
        refused: count.describe('Stored answers that this rule refused, of pipelines too.'),
        blockedMinutes: minutes.describe(
          'Time of requests from such an answer to the next about them, or to their end. Rules that refuse together share none of it: it is said of each.',
        ),
      }),
    )
    .describe('What refused, the longest first.'),
});
export type Measures = z.infer<typeof measures>;

export const nextToAutomate = z.strictObject({
  next: z
    .array(
      z.strictObject({
        kind: z.enum(['procedure', 'topic']),
        name: z.string(),
        runs: count.describe('Runs with a step by hand.'),
        worst: z.enum(SEVERITIES).describe('The worst severity that it ran with.'),
        severe: z.boolean().describe('It can cause what the policy calls severe.'),
        belowBudget: z.array(z.string()).describe('Its services whose error budget is burnt or unknown.'),
        lastRun: time,
      }),
    )
    .describe('What to automate first: the severe, then services below their budget, then by runs.'),
});
export type NextToAutomate = z.infer<typeof nextToAutomate>;
