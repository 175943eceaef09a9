import { z } from 'zod';

const time = z.iso.datetime();
const count = z.int().min(0);

/** The record of one version of a procedure: plans of the same steps, checks, rollback, assumptions and watched metrics. */
export const procedureVersion = z.strictObject({
  version: z.string().describe('`sha256:` and the digest of those five parts.'),
  runs: count.describe('Runs that began, however they ended.'),
  successfulRuns: count.describe(
    'Runs that succeeded without a hold or a rollback since the last that did not.',
  ),
  graduated: z.boolean().describe('It lacks nothing. Computed from the runs; nobody can set it.'),
  lacks: z.array(z.string()).describe('What it lacks to graduate, one sentence each.'),
  lastFailed: time
    .nullable()
    .describe('When a run of it last failed, was rolled back, or ended in the unknown.'),
  firstRun: time,
  lastIncident: time
    .nullable()
    .describe('When an incident was last laid at the door of the procedure, in whichever version.'),
});
export type ProcedureVersion = z.infer<typeof procedureVersion>;

export const procedure = z.strictObject({
  name: z.string(),
  versions: z.array(procedureVersion).describe('The one that ran first comes last.'),
});
export type Procedure = z.infer<typeof procedure>;

export const procedures = z.strictObject({
  procedures: z.array(procedure).describe('Those that ran, by name.'),
});
export type Procedures = z.infer<typeof procedures>;

export const procedurePath = z.strictObject({ name: z.string().max(100) });
