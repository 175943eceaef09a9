import { z } from 'zod';
import { sha256Digest } from './execution.ts';

const because = z.string().max(2_000);

/** One step of a dry run: what has a dry form executed in it, anything else only shown. */
export const dryRunStep = z.strictObject({
  list: z.enum(['steps', 'rollback']),
  name: z.string(),
  executed: z.boolean().describe('Whether it was executed in its dry form, or only shown.'),
  ok: z.boolean(),
  because,
});

export type DryRunStep = z.infer<typeof dryRunStep>;

/** What a bastion hands in of a dry run. The output is compared byte for byte, but for what the plan lets differ. */
export const newDryRun = z.strictObject({
  idempotencyKey: z.string().regex(/^[\w.:-]{8,120}$/),
  planDigest: sha256Digest.describe(
    'Digest of the plan that was dry-run; any other than the present one is refused.',
  ),
  twin: z.boolean().describe('Repeated just before a start, to be compared with the reviewed one.'),
  ok: z.boolean(),
  steps: z.array(dryRunStep).max(10_000),
  output: z.string().max(8_000_000),
});
export type NewDryRun = z.infer<typeof newDryRun>;

/** In which capacities a difference is accepted: both are needed, by two people. */
export const ACCEPTED_AS = ['eoc', 'reviewer'] as const;
export type AcceptedAs = (typeof ACCEPTED_AS)[number];

export const dryRunView = z.strictObject({
  id: z.string(),
  at: z.iso.datetime(),
  by: z.string(),
  host: z.string(),
  planDigest: sha256Digest,
  twin: z.boolean(),
  ok: z.boolean(),
  steps: z.array(dryRunStep),
  outputDigest: sha256Digest,
  fingerprint: sha256Digest.nullable().describe('Of the output without what the plan lets differ.'),
  comparedWith: z.string().nullable(),
  same: z.boolean().nullable(),
  acceptances: z
    .array(
      z.strictObject({ by: z.string(), as: z.enum(ACCEPTED_AS), because: z.string(), at: z.iso.datetime() }),
    )
    .describe('Of its difference; both the EOC and a reviewer are wanted.'),
});
export type DryRunView = z.infer<typeof dryRunView>;

/** Every dry run of a change, the newest first. */
export const dryRuns = z.strictObject({ dryRuns: z.array(dryRunView) });

/** A person takes a difference upon themselves. */
export const acceptDifference = z.strictObject({ because: z.string().trim().min(1).max(1_000) });

/** Where a repeated dry run differs from the reviewed one, otherwise than the plan lets it. */
export const dryRunDifference = z.strictObject({
  dryRun: z.string(),
  comparedWith: z.string(),
  differences: z.array(
    z.strictObject({
      line: z.number().int().min(1),
      reviewed: z.string().nullable(),
      repeated: z.string().nullable(),
    }),
  ),
  more: z.boolean().describe('Whether there are more than are listed.'),
});
export type DryRunDifference = z.infer<typeof dryRunDifference>;

/** A plan as it stands, for a dry run on a bastion. */
export const planToRun = z.strictObject({
  change: z.string(),
  text: z.string(),
  file: z.string(),
  digest: sha256Digest,
  scripts: z.record(z.string(), z.string()),
});
export type PlanToRun = z.infer<typeof planToRun>;
