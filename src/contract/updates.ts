import { z } from 'zod';
import { planFile } from './plan.ts';
import { words } from './plain-text.ts';

const time = z.iso.datetime();
export const audience = planFile.shape.communication.unwrap().element.shape.audience;
export type AudienceName = z.infer<typeof audience>;

export const newUpdate = z.strictObject({
  audience,
  body: words
    .max(4_000)
    .optional()
    .describe('What it is told; without it the plan’s own text, at the start and at the end.'),
});
export type NewUpdate = z.infer<typeof newUpdate>;

export const updatesView = z
  .strictObject({
    audiences: z.array(
      z.strictObject({
        audience,
        everyMinutes: z.number().nullable().describe('Between start and end; `null`: only at both.'),
        sent: z
          .array(z.strictObject({ by: z.string(), at: time, body: z.string() }))
          .describe('What it was told, in order.'),
        next: z
          .strictObject({ what: z.enum(['start', 'update', 'end']), dueAt: time, late: z.boolean() })
          .nullable()
          .describe('What it waits for; `null` where nothing is due.'),
      }),
    ),
  })
  .describe('Who is kept informed of a change, by its plan.')
  .meta({ id: 'ChangeUpdates' });
export type UpdatesView = z.infer<typeof updatesView>;
