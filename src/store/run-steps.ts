import { sql, type Selectable } from 'kysely';
import type { RunOutline } from '../kernel/run/outline.ts';
import type { StepRecord } from '../kernel/run/snapshot.ts';
import type { Queries, Transaction } from './database.ts';
import type { RunTables } from './run-tables.ts';

/** A step of a run as it is stored: what the coordinator decides by, and what people want to see beside it. */
export interface StoredStep extends StepRecord {
  readonly name: string;
  readonly because: string | null;
  readonly settledBy: string | null;
  /** Epoch milliseconds of the database's clock. */
  readonly startedAt: number | null;
  readonly endedAt: number | null;
}

/** Inserts every step of a plan and of its rollback as pending. */
export async function insertSteps(tx: Transaction, runId: string, outline: RunOutline): Promise<void> {
  const rows = (['steps', 'rollback'] as const).flatMap((list) =>
    outline[list].map(({ name }, position) => ({ run_id: runId, list, position, name })),
  );
  await tx.insertInto('run_steps').values(rows).execute();
}

/** The steps of a run: the plan's in order, then those of the rollback. */
export async function stepsOfRun(db: Queries, runId: string): Promise<StoredStep[]> {
  const { rows } = await sql<Selectable<RunTables['run_steps']>>`
    /* prepared: run_steps_read */ select * from run_steps
    where run_id = ${runId} order by list = 'rollback', position`.execute(db);
  return rows.map((row) => ({
    list: row.list,
    position: row.position,
    name: row.name,
    state: row.state,
    attempts: row.attempts,
    failedAt: row.failed_at,
    because: row.because,
    settlement: row.settlement,
    settledBy: row.settled_by,
    recheck: row.recheck,
    retry: row.retry,
    probed: row.probed,
    startedAt: row.started_at?.getTime() ?? null,
    endedAt: row.ended_at?.getTime() ?? null,
  }));
}

/** Writes everything of a step that may change. */
export async function saveStep(tx: Transaction, runId: string, step: StoredStep): Promise<void> {
  await sql`
    /* prepared: run_step_save */ update run_steps set
      state = ${step.state}, attempts = ${step.attempts}, failed_at = ${step.failedAt}, because = ${step.because},
      settlement = ${step.settlement}, settled_by = ${step.settledBy}, recheck = ${step.recheck},
      retry = ${step.retry}, probed = ${step.probed},
      started_at = ${step.startedAt === null ? null : new Date(step.startedAt)},
      ended_at = ${step.endedAt === null ? null : new Date(step.endedAt)}
    where run_id = ${runId} and list = ${step.list} and position = ${step.position}`.execute(tx);
}
