import { z } from 'zod';
import { kindOfChange } from '../gate.ts';

/**
 * What is asked in the name of a system that only asks. A yes reserves nothing, so what has to run alone (S1, S2) cannot be asked
 * this way: its work is claimed, or run.
 */
export const askedKind = kindOfChange
  .omit({ environment: true, monthlyRelease: true })
  .extend({
    severity: z
      .enum(['S3', 'S4'], {
        error: 'expected `S3` or `S4`: what runs alone is claimed by its pipeline, not asked',
      })
      .describe('What runs alone (S1, S2) is claimed by its pipeline, never only asked.'),
  })
  .describe('What the gate is asked.');
export type AskedKind = z.output<typeof askedKind>;

/** The same with the environment of the policy that it is about. */
export const askedQuestion = askedKind.extend({
  environment: z.string().min(1).max(253).describe('The environment of the policy that it is of.'),
});
