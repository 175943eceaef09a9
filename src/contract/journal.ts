import { z } from 'zod';
import { STEP_LISTS } from '../kernel/run/state.ts';
import { executionResult, sha256Digest } from './execution.ts';

const place = {
  run: z.string(),
  epoch: z.number().int().min(1),
  grant: z.string().describe('The grant it was executed under.'),
  list: z.enum(['preflight', ...STEP_LISTS]),
  position: z.number().int().min(0),
  attempt: z.number().int().min(1),
  at: z.iso.datetime().describe("By the bastion's clock."),
};

/** Written and synced before a step is executed. */
export const journalIntent = z.strictObject({
  kind: z.literal('intent'),
  ...place,
  step: z.string(),
  digest: sha256Digest.describe('Of what is executed: arguments, environment, script.'),
  interruptible: z.boolean(),
});

/** Written once the process exists, so that whoever comes after can tell whether it still works. */
export const journalBegun = z.strictObject({
  kind: z.literal('begun'),
  ...place,
  group: z.number().int().min(2).describe('The process group.'),
  startTicks: z
    .string()
    .describe('When the system started it, so that a reused number is not mistaken for it.'),
});

/** Written and synced after it ended. */
export const journalResult = z.strictObject({
  kind: z.literal('result'),
  ...place,
  execution: executionResult,
});

/** One line of the runner's journal. */
export const journalEntry = z.discriminatedUnion('kind', [journalIntent, journalBegun, journalResult]);
export type JournalEntry = z.infer<typeof journalEntry>;

/** What a runner hands in of its journal when it can speak to the server (again). Evidence; it changes nothing. */
export const journalUpload = z.strictObject({
  entries: z.array(journalEntry).max(10_000),
  digest: sha256Digest.describe("Of the journal file's bytes."),
  tornBytes: z.number().int().min(0).describe('Bytes of a last line that was not finished.'),
});
export type JournalUpload = z.infer<typeof journalUpload>;
