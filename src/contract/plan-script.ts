import { z } from 'zod';

const text = z.string().trim().min(1);
const argv = z
  .array(z.string())
  .min(1)
  .max(2_000)
  .describe('A program and its arguments; never a shell string.');

/** A program in a file of its own, pinned by its digest, with a form that changes nothing. */
export const script = z.strictObject({
  path: text.describe('Path of the script, relative to the plan file.'),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, { error: 'expected the SHA-256 of the script, 64 hexadecimal digits' })
    .describe('SHA-256 of the script as it was reviewed; anything else is not run.'),
  interpreter: argv
    .optional()
    .describe('What runs it, such as `[node]`; without it the script itself is executed.'),
  arguments: z.array(z.string()).max(2_000).default([]),
  dryRun: z
    .array(z.string())
    .optional()
    .describe('The arguments that make it a dry run, instead of `arguments`.'),
});
