import type { SamplePage } from '../../contract/samples.ts';
import type { CheckResult } from '../../contract/check.ts';
import type { Queries, Transaction } from '../../store/database.ts';
import { keepSamples, samplesOf, type NewSample } from '../../store/run-samples.ts';
import { findRun, type StoredRun } from '../../store/runs.ts';
import { done, refuse, type Outcome } from '../outcome.ts';

const PAGE = 1_000;

/** Keeps what a runner measured since the last time, of the metrics that the plan watches alone. */
export async function keepMeasured(
  tx: Transaction,
  run: StoredRun,
  measured: readonly CheckResult[],
): Promise<void> {
  const watched = new Set(run.outline.watched);
  const known = new Map(run.watchedResults.map((one) => [one.name, sampleOf(one)?.measuredAt]));
  const fresh = measured.flatMap((one) => {
    const sample = watched.has(one.name) ? sampleOf(one) : null;
    return sample === null || known.get(one.name) === sample.measuredAt ? [] : [sample];
  });
  // One of a name: the newest it was given.
  const byName = new Map(fresh.map((one) => [one.metric, one]));
  if (byName.size > 0) await keepSamples(tx, run.id, [...byName.values()]);
}

function sampleOf({ name, verdict, measurements }: CheckResult): NewSample | null {
  const last = measurements.at(-1);
  if (last === undefined) return null;
  const { value, measuredAt } = last;
  return {
    metric: name,
    measuredAt: Date.parse(measuredAt),
    value: typeof value === 'number' ? value : null,
    verdict,
  };
}

/** What was measured of a run, the oldest first. */
export async function readSamples(db: Queries, runId: string, after: number): Promise<Outcome<SamplePage>> {
  const run = await findRun(db, runId);
  if (run === null) return refuse('not_found', `expected a run, got \`${runId}\`, which there is none of`);
  const samples = await samplesOf(db, runId, { after: BigInt(after), limit: PAGE });
  const last = samples.at(-1);
  return done({
    samples: samples.map(({ metric, at, value, verdict }) => ({
      metric,
      at: new Date(at).toISOString(),
      value,
      verdict,
    })),
    last: last === undefined ? after : Number(last.id),
    more: samples.length === PAGE,
  });
}
