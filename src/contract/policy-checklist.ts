import { z } from 'zod';
import { CRITICALITIES, KINDS, SEVERITIES } from '../kernel/policy/facts.ts';
import { LEVELS } from '../kernel/policy/policy.ts';
import { ACTIONS, RULES } from '../kernel/policy/rule.ts';

/** Of which kind of change the policy is told. */
export const checklistQuery = z.strictObject({
  severity: z.enum(SEVERITIES).default('S3'),
  kind: z.enum(KINDS).default('maintenance'),
});
export type ChecklistQuery = z.infer<typeof checklistQuery>;

/** The policy in force as a list to go through: every rule, what it asks, and of which criticalities. */
export const policyChecklist = z
  .strictObject({
    name: z.string(),
    digest: z.string(),
    rules: z
      .array(
        z.strictObject({
          rule: z.enum(RULES),
          level: z.enum(LEVELS).describe('`warn` never stops, `off` is not asked.'),
          exception: z.boolean().describe('A reviewer may approve an exception.'),
          at: z.array(z.enum(ACTIONS)).describe('The acts that ask it.'),
          asked: z
            .array(z.strictObject({ criticality: z.enum(CRITICALITIES), what: z.string() }))
            .describe('What it asks of each criticality in words; one that is missing is not held to it.'),
        }),
      )
      .describe('Every rule there is, in the order of verdicts.'),
  })
  .meta({ id: 'PolicyChecklist' });
export type PolicyChecklist = z.infer<typeof policyChecklist>;
