import { z } from 'zod';
import { whyNoIssueText } from '../../kernel/change/issue-text.ts';

const inlineText = z
  .strictObject({
    text: z.string().superRefine((text, context) => {
      const message = whyNoIssueText(text);
      if (message !== null) context.addIssue({ code: 'custom', message });
    }),
  })
  .describe('The text itself, Markdown, with places such as `{words}`.');

const text = z.union(
  [
    z.string().trim().min(1).max(1_000).describe('A file of Markdown, from the folder of this one.'),
    inlineText,
  ],
  { error: 'expected a file, or the text itself as `{ text: … }`' },
);
export type IssueTextSource = z.output<typeof text>;

/** What stands in the issue of a request between its first line and its plan, instead of the usual text. */
export const issueTexts = z
  .strictObject({ C1: text.optional(), C2: text.optional(), C3: text.optional(), C4: text.optional() })
  .describe('What the issue of a request says above its plan, by criticality, instead of the usual text.');
