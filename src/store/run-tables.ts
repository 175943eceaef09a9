import type { ColumnType, Generated, GeneratedAlways } from 'kysely';
import type { CheckResult } from '../contract/check.ts';
import type { FailurePoint, Settlement, ChecksState } from '../kernel/run/snapshot.ts';
import type { Hold } from '../kernel/run/hold.ts';
import type { RunOutline } from '../kernel/run/outline.ts';
import type { RunPhase, RunState, StepList, StepState } from '../kernel/run/state.ts';

type Fixed<T> = ColumnType<T, T, never>;
/** Written as JSON text, read as the value. */
type Json<T> = ColumnType<T, string, string>;
type Defaulted<T> = ColumnType<T, string | undefined, string>;

/** A hold that a person ordered and that waits for a safe place to stop. */
export interface HoldWanted {
  readonly by: string;
  readonly because: string;
  readonly dutyOnly: boolean;
  /** At once: an interruptible step is stopped. */
  readonly now: boolean;
}

/** Who said that the run be suspended, by duty; both are needed. */
export type SuspendWords = Readonly<Partial<Record<'eoc' | 'imoc', string>>>;

interface RunsTable {
  number: GeneratedAlways<bigint>;
  id: GeneratedAlways<string>;
  change_id: Fixed<string>;
  idempotency_key: Fixed<string>;
  severity: Fixed<'S1' | 'S2' | 'S3' | 'S4'>;
  plan_digest: Fixed<string>;
  environment: Fixed<string>;
  targets: Fixed<string[] | null>;
  outline: ColumnType<RunOutline, string, never>;
  executor: Fixed<string>;
  host: string;
  host_role: 'bastion' | 'deployer';
  host_environment: string;
  multiplexer: 'tmux' | 'screen' | null;
  state: RunState;
  phase: RunPhase;
  preflight: ChecksState;
  postchecks: ChecksState;
  preflight_results: Defaulted<readonly CheckResult[]>;
  watched_results: Defaulted<readonly CheckResult[]>;
  postcheck_results: Defaulted<readonly CheckResult[]>;
  corrected: Generated<string[]>;
  hold: Json<Hold | null> | null;
  hold_wanted: Json<HoldWanted | null> | null;
  suspend_words: Defaulted<SuspendWords>;
  denied: Generated<string[]>;
  epoch: Generated<number>;
  runner_key: string;
  runner_person: string;
  last_request: string | null;
  lease_expires_at: Date | null;
  take_over_from: Date | null;
  version: Generated<bigint>;
  started_at: ColumnType<Date, never, never>;
  ended_at: Date | null;
}

interface RunStepsTable {
  run_id: Fixed<string>;
  list: Fixed<StepList>;
  position: Fixed<number>;
  name: Fixed<string>;
  state: Generated<StepState>;
  attempts: Generated<number>;
  failed_at: FailurePoint | null;
  because: string | null;
  settlement: Settlement | null;
  settled_by: string | null;
  recheck: Generated<boolean>;
  retry: Generated<boolean>;
  probed: Generated<boolean>;
  started_at: Date | null;
  ended_at: Date | null;
}

interface RunHoldsTable {
  id: GeneratedAlways<bigint>;
  run_id: ColumnType<string, never, never>;
  cause: ColumnType<string, never, never>;
  at: ColumnType<Date, never, never>;
}

interface GrantsTable {
  number: GeneratedAlways<bigint>;
  id: GeneratedAlways<string>;
  run_id: Fixed<string>;
  list: Fixed<'preflight' | StepList>;
  segment: Fixed<number>;
  attempt: Fixed<number>;
  epoch: Fixed<number>;
  granted_at: ColumnType<Date, never, never>;
  expires_at: Fixed<Date>;
  closed_at: Date | null;
  closed_because: string | null;
}

interface RunReportsTable {
  id: GeneratedAlways<bigint>;
  run_id: Fixed<string>;
  epoch: Fixed<number>;
  request_key: Fixed<string>;
  kind: Fixed<string>;
  late: Fixed<boolean>;
  body: ColumnType<unknown, string, never>;
  received_at: ColumnType<Date, never, never>;
}

interface RunFilesTable {
  id: GeneratedAlways<bigint>;
  run_id: Fixed<string>;
  kind: Fixed<'output' | 'recording' | 'journal'>;
  name: Fixed<string>;
  digest: Fixed<string>;
  bytes: Fixed<Buffer>;
  received_at: ColumnType<Date, never, never>;
}

interface RunTerminalsTable {
  run_id: Fixed<string>;
  epoch: Fixed<number>;
  from_byte: Fixed<bigint>;
  bytes: Buffer;
  received_at: ColumnType<Date, never, never>;
}

interface RunSamplesTable {
  id: GeneratedAlways<bigint>;
  run_id: Fixed<string>;
  metric: Fixed<string>;
  at: ColumnType<Date, never, never>;
  measured_at: Fixed<Date>;
  value: Fixed<number | null>;
  verdict: Fixed<'pass' | 'fail' | 'unknown'>;
}

interface DryRunsTable {
  id: GeneratedAlways<bigint>;
  change_id: Fixed<string>;
  idempotency_key: Fixed<string>;
  plan_digest: Fixed<string>;
  twin: Fixed<boolean>;
  ok: Fixed<boolean>;
  steps: ColumnType<unknown, string, never>;
  output: Fixed<Buffer>;
  output_digest: Fixed<string>;
  fingerprint: Fixed<string | null>;
  person: Fixed<string>;
  host: Fixed<string>;
  at: Fixed<Date>;
  compared_with: Fixed<bigint | null>;
  same: Fixed<boolean | null>;
}

interface DryRunAcceptancesTable {
  dry_run: Fixed<bigint>;
  person: Fixed<string>;
  capacity: Fixed<'eoc' | 'reviewer'>;
  because: Fixed<string>;
  at: ColumnType<Date, never, never>;
}

interface StartAcknowledgementsTable {
  change_id: Fixed<string>;
  running_change: Fixed<string>;
  person: Fixed<string>;
  at: ColumnType<Date, never, never>;
}

interface HandOffsTable {
  change_id: Fixed<string>;
  run_id: Fixed<string>;
  state: Fixed<string>;
  silences: Fixed<string[]>;
  graphs: Fixed<string[]>;
  person: Fixed<string>;
  at: ColumnType<Date, never, never>;
}

/** The tables of `migrations/0004-runs.sql`, with what came to them later. */
export interface RunTables {
  runs: RunsTable;
  run_steps: RunStepsTable;
  run_holds: RunHoldsTable;
  grants: GrantsTable;
  run_reports: RunReportsTable;
  run_files: RunFilesTable;
  run_terminals: RunTerminalsTable;
  run_samples: RunSamplesTable;
  dry_runs: DryRunsTable;
  dry_run_acceptances: DryRunAcceptancesTable;
  start_acknowledgements: StartAcknowledgementsTable;
  hand_offs: HandOffsTable;
}
