import { z } from 'zod';
import { RULES } from '../kernel/policy/rule.ts';
import { changeId } from './changes.ts';

const ruleSaid = z.strictObject({
  rule: z.enum(RULES),
  because: z.string().describe('What the rule says as things stand.'),
});

/** What an approved emergency of a change would let pass, and what it leaves to be caught up on. Nothing is declared by it. */
export const emergencyPreview = z
  .strictObject({
    change: changeId,
    digest: z.string().describe('Digest of the plan that it is about: a declaration is bound to it.'),
    action: z.enum(['start', 'step']).describe('The next act, which is judged.'),
    incident: z.string().nullable().describe('The incident that the change resolves, by its plan.'),
    active: z.boolean().describe('Whether that incident is active; without it no emergency waives anything.'),
    inForce: z.boolean().describe('Whether the emergency is approved, and lets something pass already.'),
    approvedAs: z.array(z.string()).describe('In which capacities it was approved for this plan.'),
    wants: z.array(z.array(z.string())).describe('The ways to approve it: every capacity of one of them.'),
    skips: z.array(ruleSaid).describe('Rules that refuse now, and would not.'),
    refuses: z.array(ruleSaid).describe('Rules that refuse all the same.'),
    catchUp: z
      .array(
        z.strictObject({
          kind: z.enum(['approval-in-retrospect', 'hand-off', 'emergency-review']),
          title: z.string(),
          within: z.string().describe('How long after the act it is due, such as `24 h`.'),
        }),
      )
      .describe('The tasks that the act would open.'),
  })
  .meta({ id: 'EmergencyPreview' });
export type EmergencyPreview = z.infer<typeof emergencyPreview>;
