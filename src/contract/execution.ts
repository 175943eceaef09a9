import { z } from 'zod';

export const sha256Digest = z
  .string()
  .regex(/^sha256:[0-9a-f]{64}$/, { error: 'expected a digest such as `sha256:9f86…`' });

/** What a program printed, both streams in the order they came. Secrets are masked before anything is counted. */
export const outputSummary = z.strictObject({
  bytes: z.number().int().min(0).describe('How much it printed.'),
  keptBytes: z.number().int().min(0).describe('How much of it was kept: its begin and its end.'),
  truncated: z.boolean(),
  invalidUtf8: z.boolean().describe('Whether any of it was not text.'),
  digest: sha256Digest.describe('Of the bytes that were kept.'),
});
export type OutputSummary = z.infer<typeof outputSummary>;

/** How a step's cancel action ended. */
export const cancelAction = z.strictObject({
  ok: z.boolean(),
  exitCode: z.number().int().nullable(),
  signal: z.string().nullable(),
  spawnError: z.string().nullable(),
  timedOut: z.boolean(),
  durationMs: z.number().min(0),
});
export type CancelAction = z.infer<typeof cancelAction>;

/** How an execution ended: one shape, a field for every way to fail. */
export const executionResult = z.strictObject({
  ok: z.boolean().describe('True only if no field below says otherwise.'),
  exitCode: z.number().int().nullable(),
  signal: z.string().nullable().describe('The signal that ended it, such as `SIGTERM`.'),
  spawnError: z.string().nullable().describe('Why it was not even begun.'),
  timedOut: z.boolean(),
  cancelled: z.string().nullable().describe('Why it was told to stop before its end.'),
  killed: z.boolean().describe('Whether TERM was not enough.'),
  leftGroup: z.boolean().describe('Whether something of its process group still ran after its end.'),
  keeperDied: z.boolean().describe('Whether the process that watched over it died: what it did is unknown.'),
  startedAt: z.iso.datetime().describe("By the bastion's clock; for people, never for a decision."),
  durationMs: z.number().min(0),
  stopMs: z.number().min(0).nullable().describe('Time from the order to stop to its end.'),
  output: outputSummary,
  cancelAction: cancelAction.nullable(),
  confirmed: z.string().nullable().describe('Of a manual step: who stated that it is done.'),
});
export type ExecutionResult = z.infer<typeof executionResult>;
