import type { PrometheusMeasure } from '../contract/measure-monitoring.ts';
import { type RangeAnswer, readRange } from '../integrations/prometheus/answer.ts';
import { ask, type Reply, type Source } from '../integrations/prometheus/ask.ts';
import { query } from '../integrations/prometheus/proving.ts';
import { errored, inconclusive, type MeasuredValue, type Ranges } from '../kernel/verify/measurement.ts';
import { judgeMetric, type MetricWanted } from '../kernel/verify/metric.ts';
import { judgeMetricRange } from '../kernel/verify/metric-range.ts';
import { type Outcome, read } from '../kernel/verify/outcome.ts';
import type { QueryOutcome } from '../kernel/verify/series.ts';
import type { CheckContext } from './context.ts';
import { cut, type Measured } from './measured.ts';
import { gather, mapGathered } from './metric-evidence.ts';
import { type QueryReading, readQueryText } from './promql.ts';

const QUESTION_TIMEOUT_MS = 10_000;
const CLOCK_TOLERANCE_MS = 5_000;

/** One measurement under way. */
interface Asking {
  readonly spec: PrometheusMeasure;
  readonly reading: QueryReading;
  readonly source: Source;
  readonly now: () => number;
  readonly wanted: Omit<MetricWanted, 'askedMs'>;
  /** What will have been answered, in the order of the questions: for the record. */
  readonly replies: Promise<Reply>[];
}

/**
 * Measures a metric once: of now, or every point of a span of time until now. With the query is asked what shows whether its answer
 * means anything (the age of its samples, resets and gaps in its windows, the traffic).
 */
export async function measurePrometheus(
  spec: PrometheusMeasure,
  ranges: Ranges,
  context: CheckContext,
): Promise<Measured> {
  if (context.prometheusUrl === null)
    return { ...errored('a Prometheus to ask wanted; none is configured'), raw: '' };
  const reading = readQueryText(spec.query);
  const refusal = reading.refusal ?? (spec.traffic ? readQueryText(spec.traffic.query).refusal : null);
  if (refusal !== null) return { ...inconclusive(refusal), raw: '' };

  const signal = AbortSignal.any([
    context.signal,
    AbortSignal.timeout(context.questionTimeoutMs ?? QUESTION_TIMEOUT_MS),
  ]);
  const asking: Asking = {
    spec,
    reading,
    source: { baseUrl: context.prometheusUrl, signal },
    now: context.now,
    wanted: {
      ...ranges,
      series: spec.series,
      labels: spec.labels,
      maxSampleAgeMs: spec.maxSampleAge,
      allowedWarnings: context.allowedWarnings ?? [],
      clockToleranceMs: CLOCK_TOLERANCE_MS,
    },
    replies: [],
  };
  const measured = await (spec.range ? overRange(asking, spec.range) : ofNow(asking));
  return { ...measured, raw: cut((await Promise.all(asking.replies)).map(transcript).join('\n\n')) };
}

async function ofNow({ spec, reading, source, now, wanted, replies }: Asking): Promise<MeasuredValue> {
  const from = now();
  const asked = async (promql: string): Promise<QueryOutcome> => {
    const heard = query(source, promql);
    replies.push(heard.then(({ reply }) => reply));
    return (await heard).outcome;
  };
  const evidence = await gather(asked, spec, reading);
  return judgeMetric(evidence, { ...wanted, askedMs: [from, now()] });
}

async function overRange(
  { spec, reading, source, now, wanted, replies }: Asking,
  { over, step }: NonNullable<PrometheusMeasure['range']>,
): Promise<MeasuredValue> {
  const endMs = now();
  const count = Math.floor(over / step) + 1;
  const times = Array.from({ length: count }, (_, i) => endMs - (count - 1 - i) * step);
  const span = { start: seconds(times[0] ?? endMs), end: seconds(endMs), step: seconds(step) };
  const gathered = await gather(
    async (promql): Promise<Outcome<RangeAnswer>> => {
      const reply = ask(source, '/api/v1/query_range', { query: promql, ...span });
      replies.push(reply);
      return readRange(await reply);
    },
    spec,
    reading,
  );
  const points = times.map((atMs) => ({
    atMs,
    evidence: mapGathered(gathered, (answer) => (answer.ok ? read(atInstant(answer.value, atMs)) : answer)),
  }));
  return judgeMetricRange(points, wanted);
}

/** What an instant query would have answered then: a series without a point there is not in it. */
function atInstant({ series, warnings }: RangeAnswer, atMs: number) {
  const there = series.flatMap(({ labels, points }) => {
    const value = points.get(atMs);
    return value === undefined ? [] : [{ labels, value }];
  });
  return { series: there, evaluatedAtMs: there.length === 0 ? null : atMs, warnings };
}

const seconds = (ms: number): string => (ms / 1_000).toFixed(3);

function transcript({ raw }: Reply): string {
  return `${raw.request}\n${raw.status ?? 'no answer'}\n${raw.body}`;
}
