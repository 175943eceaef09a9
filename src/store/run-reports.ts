import { sql } from 'kysely';
import type { Queries, Transaction } from './database.ts';

/** What a runner reported, as it came. */
export interface NewReport {
  readonly runId: string;
  readonly epoch: number;
  readonly requestKey: string;
  readonly kind: string;
  /** It came too late to change anything. */
  readonly late: boolean;
  readonly body: unknown;
}

/** Keeps a report; false if one with its key is kept already: the request came a second time. */
export async function keepReport(tx: Transaction, report: NewReport): Promise<boolean> {
  const { rows } = await sql<{ id: bigint }>`
    /* prepared: run_report_keep */ insert into run_reports (run_id, epoch, request_key, kind, late, body)
    values (${report.runId}, ${report.epoch}, ${report.requestKey}, ${report.kind}, ${report.late},
      ${JSON.stringify(report.body)})
    on conflict (run_id, epoch, request_key) do nothing returning id`.execute(tx);
  return rows.length > 0;
}

/** Every report of a run in the order they came. */
export async function reportsOfRun(
  db: Queries,
  runId: string,
): Promise<{ epoch: number; kind: string; late: boolean; body: unknown }[]> {
  return db
    .selectFrom('run_reports')
    .select(['epoch', 'kind', 'late', 'body'])
    .where('run_id', '=', runId)
    .orderBy('id')
    .execute();
}
