import { z } from 'zod';

/** Rotas by files of the host that the server runs on. */
export const rotaFiles = z
  .record(
    z.string().regex(/^[\w-]{1,80}$/),
    z.string().min(1).max(4_096).describe('Where it is; from the folder of this file.'),
  )
  .refine((files) => Object.keys(files).length > 0, { error: 'expected a file, got none' })
  .describe('Files that say who is on call, each by a name: JSON of the form of a timeline of Opsgenie.');
export type RotaFiles = z.output<typeof rotaFiles>;
