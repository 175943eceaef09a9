import { z } from 'zod';
import { exactlyOneOf, fieldsText } from './exactly-one.ts';

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

/** How a step is undone. */
export const undo = z
  .union(
    [
      z.strictObject({ step: name.describe('The rollback step that undoes this one.') }),
      z.strictObject({ nothing: text.describe('Why there is nothing to undo.') }),
    ],
    {
      error: ({ input }) =>
        `expected either \`step\` with a rollback step or \`nothing\` with the reason, got ${fieldsText(input)}`,
    },
  )
  .describe('How this step is undone. Only a step after the declared point of no return may leave it out.');
