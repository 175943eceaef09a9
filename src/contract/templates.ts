import { z } from 'zod';
import { CRITICALITIES } from '../kernel/policy/facts.ts';
import { words } from './plain-text.ts';

/** The names of the templates, one a criticality. */
export const TEMPLATES = ['c1', 'c2', 'c3', 'c4'] as const;
export type TemplateName = (typeof TEMPLATES)[number];

export const templatePath = z.strictObject({ template: z.enum(TEMPLATES) });

export const planTemplate = z
  .strictObject({
    name: z.enum(TEMPLATES),
    criticality: z.enum(CRITICALITIES),
    summary: z.string().describe('What is of this criticality, in one line.'),
    topics: z.array(z.string()).describe('Topics of the policy that ask for at least this criticality.'),
    file: z.string().describe('Name of the file that `plan new --template` copies.'),
    plan: z.string().describe('Text of the plan, with a placeholder wherever its author writes.'),
    placeholders: z
      .array(z.strictObject({ line: z.int().min(1), column: z.int().min(1), message: z.string() }))
      .describe('What its author has to write, by its place in the text.'),
  })
  .meta({ id: 'PlanTemplate' });
export type PlanTemplate = z.infer<typeof planTemplate>;

export const planTemplates = z.strictObject({
  templates: z.array(planTemplate).describe('From C1 to C4.'),
});
export type PlanTemplates = z.infer<typeof planTemplates>;

export const draftFromTemplate = z.strictObject({
  title: words.max(200).optional().describe('The title of the draft, in place of the placeholder.'),
});
export type DraftFromTemplate = z.infer<typeof draftFromTemplate>;
