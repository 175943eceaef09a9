import { inconclusive, type MeasuredValue } from './measurement.ts';
import { judgeMetric, type MetricEvidence, type MetricWanted } from './metric.ts';
import { counted, span } from './quantity.ts';

/** What was evaluated for one instant of a span of time. */
export interface MetricPoint {
  readonly atMs: number;
  readonly evidence: MetricEvidence;
}

const WORST_FIRST = ['fail', 'error', 'inconclusive'] as const;

/**
 * Judges a metric over a span of time: every point as if it had been measured then, with all that makes a measurement doubtful. One
 * that failed fails the whole; else one that says nothing, such as a gap, leaves it unclear.
 */
export function judgeMetricRange(
  points: readonly MetricPoint[],
  wanted: Omit<MetricWanted, 'askedMs'>,
): MeasuredValue {
  const judged = points.map(({ atMs, evidence }) => ({
    atMs,
    ...judgeMetric(evidence, { ...wanted, askedMs: [atMs, atMs] }),
  }));
  const [first, last] = [judged.at(0), judged.at(-1)];
  if (!first || !last) return inconclusive('points of time to judge wanted; got none');
  const all = `${counted(judged.length, 'point')} over ${span(last.atMs - first.atMs)}`;
  for (const verdict of WORST_FIRST) {
    const bad = judged.filter((point) => point.verdict === verdict);
    const [begin] = bad;
    if (!begin) continue;
    const { value, because, atMs } = begin;
    const whose = `${bad.length} of ${all}, the first ${span(last.atMs - atMs)} before the end`;
    return { verdict, value, because: `${because} (${whose})` };
  }
  return { verdict: 'pass', value: last.value, because: `${last.because} (the last of ${all}; all pass)` };
}
