import { z } from 'zod';
import { openedChange } from './changes.ts';
import { plainText, words } from './plain-text.ts';

/** The text of an issue, to be made into a plan. */
export const newImport = z.strictObject({
  issue: plainText.min(1).max(400_000).describe('Text of the issue, Markdown.'),
  title: words.max(200).optional().describe('Title of the issue, which does not stand in its text.'),
  scripts: z
    .record(plainText.max(300), plainText.max(200_000))
    .default({})
    .describe('Text of every script and procedure that an exported plan names, by the path that it gives.'),
  open: z.boolean().default(false).describe('File it as a draft as well; its author is whoever calls.'),
});
export type NewImport = z.infer<typeof newImport>;

export const importedPlan = z
  .strictObject({
    from: z
      .enum(['export', 'template'])
      .describe('`export`: the very file that was exported; `template`: a draft, with placeholders.'),
    plan: z.string().describe('Text of the plan.'),
    fileEdited: z.boolean().describe('Whether the file of an exported plan was edited in the issue.'),
    unread: z
      .array(
        z.strictObject({
          line: z.int().min(1).describe('Line of the issue.'),
          text: z.string(),
          because: z.string().describe('Why it is not in the plan.'),
        }),
      )
      .describe('Everything of the issue that is not in the plan.'),
    change: openedChange.nullable().describe('The draft that was filed.'),
  })
  .meta({ id: 'ImportedPlan' });
export type ImportedPlan = z.infer<typeof importedPlan>;
