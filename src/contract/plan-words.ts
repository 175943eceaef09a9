import { z } from 'zod';
import { APPROVAL_ROLES } from '../kernel/run/acts.ts';

const text = z.string().trim().min(1);

/** Work by hand: what is done, what is stated when it is done, and what has to be shown for it. */
export const manual = z.strictObject({
  instructions: text,
  confirm: text.describe('What the executor states when it is done.'),
  evidence: z
    .strictObject({
      kind: z.enum(['text', 'file']).describe('A line that is typed in, or a file of the bastion.'),
      what: text.describe('What has to be shown, such as the output of a page for people.'),
    })
    .optional()
    .describe('What is attached before it can be confirmed; without it the step has failed.'),
});

/** A place where the run waits for the word of somebody else than who executes it. */
export const approval = z.strictObject({
  role: z.enum(APPROVAL_ROLES).describe('Whose word: somebody on duty now, or who holds the standing role.'),
  confirm: text.describe('What they say yes to.'),
});
