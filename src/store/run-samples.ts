import { sql } from 'kysely';
import type { Queries, Transaction } from './database.ts';

/** A watched metric as a runner measured it. Instants are epoch milliseconds. */
export interface NewSample {
  readonly metric: string;
  /** By the bastion's clock. */
  readonly measuredAt: number;
  readonly value: number | null;
  readonly verdict: 'pass' | 'fail' | 'unknown';
}

/** The same as it is kept; `at` is when it came in, by the database's clock. */
export interface StoredSample extends NewSample {
  readonly id: bigint;
  readonly at: number;
}

/** No more than one a second of a metric, whatever a runner says. */
const LEAST_MS = 1_000;
/** Of a run that goes on for long the points lie further apart: by no less than this part of its age. */
const PARTS_OF_AGE = 1_000;

/** Keeps what is not too close to the last of its metric. A verdict that changed is kept however close it is. */
export async function keepSamples(
  tx: Transaction,
  runId: string,
  samples: readonly NewSample[],
): Promise<void> {
  const rows = samples.map((one) => ({ ...one, measuredAt: new Date(one.measuredAt).toISOString() }));
  await sql`
    /* prepared: run_samples_keep */ insert into run_samples (run_id, metric, measured_at, value, verdict)
    select runs.id, new.metric, new."measuredAt", new.value, new.verdict
    from runs, jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as new (metric text, "measuredAt" timestamptz, value double precision, verdict text)
    left join lateral (
      select at, measured_at, verdict from run_samples
      where run_id = ${runId} and metric = new.metric order by id desc limit 1
    ) as last on true
    where runs.id = ${runId} and (last.at is null or (
      last.measured_at <> new."measuredAt"
      and clock_timestamp() - last.at >= ${LEAST_MS} * interval '1 ms'
      and (last.verdict <> new.verdict
        or clock_timestamp() - last.at >= (clock_timestamp() - runs.started_at) / ${PARTS_OF_AGE}::int)
    ))`.execute(tx);
}

/** What was measured of a run behind one of them, the oldest first. */
export async function samplesOf(
  db: Queries,
  runId: string,
  { after, limit }: { readonly after: bigint; readonly limit: number },
): Promise<StoredSample[]> {
  const rows = await db
    .selectFrom('run_samples')
    .select(['id', 'metric', 'at', 'measured_at', 'value', 'verdict'])
    .where('run_id', '=', runId)
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(({ at, measured_at: measuredAt, ...row }) => ({
    ...row,
    at: at.getTime(),
    measuredAt: measuredAt.getTime(),
  }));
}
