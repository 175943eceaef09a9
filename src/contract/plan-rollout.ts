import { z } from 'zod';
import { check } from './check.ts';
import { duration } from './duration.ts';
import { problemsOf, type ContractProblem } from './problem.ts';

const name = z.string().trim().min(1).max(120);

/** Which targets something is done for, in the order of the plan's list. */
export const forEach = z
  .union(
    [
      z.literal('targets'),
      z.array(name).min(1),
      z.strictObject({ type: z.string().trim().min(1).describe('Every target of this type.') }),
    ],
    { error: 'expected `targets`, a list of names of targets, or `type`' },
  )
  .describe('For every target, for some by name, or for those of a type; `{target}` stands for its name.');
export type ForEach = z.infer<typeof forEach>;

/** How many targets more: so many, a share of all of them, or whatever is left. */
export const stageSize = z.union(
  [
    z.number().int().min(1),
    z.string().regex(/^([1-9]\d?|100)%$/, { error: 'expected a share such as `25%`' }),
    z.literal('rest'),
  ],
  { error: 'expected a number of targets, a share of them such as `25%`, or `rest`' },
);
export type StageSize = z.infer<typeof stageSize>;

/** What is waited for and measured between two stages: whatever does not pass holds the rollout there. */
export const between = z.strictObject({
  name: name.max(60).default('look'),
  wait: duration.prefault('0 s'),
  checks: z.array(check).min(1),
  estimate: duration.optional(),
  timeout: duration.optional(),
});

const templates = z.array(z.looseObject({ name: z.string() })).min(1);

/** Steps that are done for one target after the other, in stages. What they hold is read once they are laid out. */
const forEachSteps = z.strictObject({
  forEach,
  stages: z
    .array(stageSize)
    .min(1)
    .optional()
    .describe('How many targets at a time; the last size is repeated until all had their turn.'),
  between: between.optional(),
  steps: templates,
});

/** The same in a rollback, which undoes what was done, last one first, and knows no stages. */
const forEachUndo = z.strictObject({ forEach, steps: templates });

/** Checks that are measured for one target after the other. */
const forEachChecks = z.strictObject({ forEach, checks: templates });

const BLOCKS = { steps: forEachSteps, undo: forEachUndo, checks: forEachChecks };

/** What a block says beside its steps or checks. */
export interface Block {
  readonly forEach: ForEach;
  readonly stages?: readonly StageSize[] | undefined;
  readonly between?: z.infer<typeof between> | undefined;
}

/** Reads a block of one sort: steps in stages, steps of a rollback, or checks. */
export function readBlock(
  sort: keyof typeof BLOCKS,
  written: unknown,
):
  | { readonly ok: true; readonly block: Block }
  | { readonly ok: false; readonly problems: readonly ContractProblem[] } {
  const schema = BLOCKS[sort];
  const read = schema.safeParse(written, { reportInput: true });
  return read.success
    ? { ok: true, block: read.data }
    : { ok: false, problems: problemsOf(read.error, schema) };
}
