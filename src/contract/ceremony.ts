import { z } from 'zod';
import { CRITICALITIES, KINDS } from '../kernel/policy/facts.ts';
import { NEED_SORTS } from '../kernel/policy/need.ts';
import { ACTIONS, RULES } from '../kernel/policy/rule.ts';

/** What a request counts as and what it needs, from the functions that the verdict is made with. */
export const ceremony = z.strictObject({
  floor: z
    .strictObject({
      criticality: z.enum(CRITICALITIES),
      madeBy: z
        .array(z.string())
        .describe('The topics that ask for it, `downtime` among them; none: nothing asks.'),
      unlisted: z.array(z.string()).describe('Topics that the policy does not list.'),
    })
    .describe('The least criticality that it may have.'),
  effectiveKind: z
    .strictObject({ kind: z.enum([...KINDS, 'unknown']), because: z.string() })
    .describe('What it counts as, whatever it calls itself.'),
  needs: z
    .array(
      z.strictObject({
        rule: z.enum(RULES),
        sort: z.enum(NEED_SORTS),
        what: z.string(),
        at: z.enum(ACTIONS).describe('The next act that is refused without it.'),
        met: z.boolean(),
        because: z.string().describe('What the rule says of it now.'),
      }),
    )
    .describe('What people have to bring before it is over: approvals, roles, checks, a slot, words.'),
});
export type CeremonyView = z.infer<typeof ceremony>;
