import { z } from 'zod';
import { exactlyOneOf } from './exactly-one.ts';
import { APPROVAL_ROLES } from '../kernel/run/acts.ts';

const text = z.string().trim().min(1);
const name = z.string().trim().min(1).max(120);

const SIGNS = ['watch', 'postcheck', 'step'] as const;
const oneSign = exactlyOneOf(SIGNS);

/** When it is rolled back: what is seen, and by which metric, post-check or step. */
export const trigger = z
  .strictObject({
    say: text.describe('What is seen then, for whoever decides.'),
    watch: name.optional().describe('A watched metric that is in its failure range.'),
    postcheck: name.optional().describe('A post-verification check that fails.'),
    step: name.optional().describe('A step that fails, or a check after it.'),
  })
  .refine(oneSign.exactlyOne, oneSign.otherwise)
  .meta(oneSign.jsonSchema);
export type Trigger = z.infer<typeof trigger>;

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
