import { z } from 'zod';
import { duration } from './duration.ts';
import { exactlyOneOf } from './exactly-one.ts';

const text = z.string().trim().min(1);
const name = z.string().trim().min(1).max(120);

/** One thing that a plan touches. */
export const target = z.strictObject({
  name,
  type: text.max(120).describe('Such as `host`.'),
  environment: text.optional(),
});
export type Target = z.infer<typeof target>;

const SOURCES = ['command', 'prometheus'] as const;
const oneSource = exactlyOneOf(SOURCES);

/**
 * Where the list of targets comes from: asked by `interlock plan resolve`, which freezes the answer as `targets`, and
 * asked again on the bastion just before a start.
 */
export const targetsFrom = z
  .strictObject({
    command: z
      .array(z.string())
      .min(1)
      .optional()
      .describe(
        'A program and its arguments that prints a target a line: its name, and its type if it says.',
      ),
    prometheus: z
      .strictObject({
        query: z.string().min(1).describe('PromQL; each series of its answer is one target.'),
        label: z
          .string()
          .regex(/^[A-Za-z_]\w*$/, { error: 'expected the name of a label' })
          .default('instance')
          .describe('The label that holds the name of the target.'),
      })
      .optional(),
    type: text.max(120).describe('The type of every target that does not say its own, such as `host`.'),
    passEnv: z
      .array(
        z.string().regex(/^[A-Z][A-Z0-9_]*$/, {
          error: 'expected the name of an environment variable, such as `INVENTORY_URL`',
        }),
      )
      .default([])
      .describe('Variables that the command may see.'),
    timeout: duration.prefault('30 s'),
    count: z
      .number()
      .int()
      .min(0)
      .optional()
      .describe('How many targets there were when the list was frozen; `plan resolve --write` writes it.'),
  })
  .refine(oneSource.exactlyOne, oneSource.otherwise)
  .meta(oneSource.jsonSchema);
export type TargetsFrom = z.infer<typeof targetsFrom>;

/** What asking for the targets again brought: the list, or why there is none. */
export const resolvedTargets = z.union([
  z.strictObject({ targets: z.array(target.pick({ name: true, type: true })).max(10_000) }),
  z.strictObject({ because: z.string().max(2_000) }),
]);
export type ResolvedTargets = z.infer<typeof resolvedTargets>;
