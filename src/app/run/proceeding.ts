import type { Denial } from '../../kernel/run/hold.ts';
import type { Instruction, RunReport } from '../../contract/runs.ts';
import type { GrantWish, RunEvent, RunFile } from './run-file.ts';
import type { RunTiming } from './timing.ts';

/** What the policy is asked on behalf of a run. */
export type RunAction = 'step' | 'rollback' | 'complete';

/** What stands against going on, and which rules the last recorded answer named. */
export interface Answer {
  readonly denials: readonly Denial[];
  readonly recorded: readonly string[];
}

/** Asks the verdict in the run's transaction, to execute on it or only to see whether a hold still stands. */
export type Ask = (action: RunAction, file: RunFile, use: 'to-execute' | 'to-look') => Promise<Answer>;

/**
 * Where what was decided of a run is written: the database, in the request's transaction. The simulation of `faults/` keeps it
 * in memory, so that the same decisions are tried in thousands of histories.
 */
export interface RunRecord {
  readonly save: (file: RunFile) => Promise<RunFile>;
  readonly openGrant: (file: RunFile, grant: GrantWish) => Promise<RunFile>;
  readonly keepReport: (report: RunReport, late: boolean) => Promise<boolean>;
}

/** What a run goes on with. */
export interface Proceeding {
  readonly record: RunRecord;
  readonly ask: Ask;
  readonly timing: RunTiming;
}

/** What the runner is to do, and what was decided on the way. */
export interface Proceeded {
  readonly file: RunFile;
  readonly instruction: Instruction;
  readonly events: readonly RunEvent[];
  readonly denials: readonly Denial[];
}
