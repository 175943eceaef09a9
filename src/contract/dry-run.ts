import { z } from 'zod';
import { sha256Digest } from './execution.ts';

const because = z.string().max(2_000);

/** One step of a dry run: a script executed with its dry arguments, anything else only shown. */
export const dryRunStep = z.strictObject({
  list: z.enum(['steps', 'rollback']),
  name: z.string(),
  executed: z.boolean().describe('Whether it was executed in its dry form, or only shown.'),
  ok: z.boolean(),
  because,
});

export type DryRunStep = z.infer<typeof dryRunStep>;

/** What a bastion hands in of a dry run. The output is compared byte for byte, on normalised line ends. */
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
  comparedWith: z.string().nullable(),
  same: z.boolean().nullable(),
  acceptedBy: z.string().nullable(),
});
export type DryRunView = z.infer<typeof dryRunView>;

/** Every dry run of a change, the newest first. */
export const dryRuns = z.strictObject({ dryRuns: z.array(dryRunView) });

/** A person takes a difference upon themselves. */
export const acceptDifference = z.strictObject({ because: z.string().trim().min(1).max(1_000) });

/** A plan as it stands, for a dry run on a bastion. */
export const planToRun = z.strictObject({
  change: z.string(),
  text: z.string(),
  file: z.string(),
  digest: sha256Digest,
  scripts: z.record(z.string(), z.string()),
});
export type PlanToRun = z.infer<typeof planToRun>;
