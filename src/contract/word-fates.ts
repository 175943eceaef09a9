import { z } from 'zod';
import { PARTS } from '../kernel/change/part.ts';

const time = z.iso.datetime();

/** A change of a request as it met a word that was given before. */
export const partChange = z.strictObject({
  revision: z.number().int().describe('The revision in force after it.'),
  from: z.string().describe('Digest of the plan before it.'),
  parts: z
    .array(z.enum(PARTS))
    .describe(
      'Of a word that was carried the parts that it looks at; of one that was voided those that changed.',
    ),
  by: z.string(),
  at: time,
});
export type PartChange = z.infer<typeof partChange>;

/** What differs between the plan that somebody approved and the one in force. */
export const wordDifference = z.strictObject({
  since: z.string().describe('Digest of the plan that was approved.'),
  now: z.string().describe('Digest of the plan as it is now.'),
  parts: z.array(z.enum(PARTS)).describe('The parts that differ.'),
  differences: z.array(
    z.strictObject({
      path: z
        .string()
        .describe('The field, such as `steps.0.command.4`; `scripts.` and a path for a script.'),
      before: z.string().nullable().describe('As JSON; `null` where there was nothing.'),
      after: z.string().nullable().describe('As JSON; `null` where there is nothing any more.'),
    }),
  ),
});
export type WordDifference = z.infer<typeof wordDifference>;
