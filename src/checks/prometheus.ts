import type { PrometheusMeasure } from '../contract/check.ts';
import type { Reply, Source } from '../integrations/prometheus/ask.ts';
import { type Heard, query } from '../integrations/prometheus/proving.ts';
import { errored, inconclusive, type Ranges } from '../kernel/verify/measurement.ts';
import { judgeMetric, type MetricEvidence } from '../kernel/verify/metric.ts';
import type { QueryAnswer } from '../kernel/verify/series.ts';
import type { CheckContext } from './context.ts';
import { cut, type Measured } from './measured.ts';
import { type QueryReading, readQueryText } from './promql.ts';

const QUESTION_TIMEOUT_MS = 10_000;
const CLOCK_TOLERANCE_MS = 5_000;

/**
 * Measures a metric once: the query, and beside it, at the same time, what shows whether its answer means anything (the age of its
 * samples, resets and gaps in its windows, the traffic).
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
  const source: Source = { baseUrl: context.prometheusUrl, signal };
  const from = context.now();
  const { evidence, replies } = await gather(source, spec, reading);
  const measured = judgeMetric(evidence, {
    ...ranges,
    series: spec.series,
    labels: spec.labels,
    maxSampleAgeMs: spec.maxSampleAge,
    allowedWarnings: context.allowedWarnings ?? [],
    askedMs: [from, context.now()],
    clockToleranceMs: CLOCK_TOLERANCE_MS,
  });
  return { ...measured, raw: cut(replies.map(transcript).join('\n\n')) };
}

async function gather(
  source: Source,
  spec: PrometheusMeasure,
  { selectors, windows }: QueryReading,
): Promise<{ evidence: MetricEvidence; replies: readonly Reply[] }> {
  const heard: Promise<Heard<QueryAnswer>>[] = [];
  const asked = async (promql: string) => {
    const answer = query(source, promql);
    heard.push(answer);
    return (await answer).outcome;
  };
  const [answer, ages, ofWindows, traffic] = await Promise.all([
    asked(spec.query),
    Promise.all(
      selectors.map(async (selector) => ({
        selector,
        seconds: await asked(`time() - min(timestamp(${selector}))`),
      })),
    ),
    Promise.all(windows.map((window) => inWindow(window, asked))),
    spec.traffic ? asked(spec.traffic.query) : null,
  ]);
  const replies = (await Promise.all(heard)).map(({ reply }) => reply);
  return {
    evidence: {
      answer,
      ages,
      windows: ofWindows,
      traffic: traffic && spec.traffic ? { outcome: traffic, atLeast: spec.traffic.atLeast } : null,
    },
    replies,
  };
}

async function inWindow(
  window: string,
  asked: (promql: string) => Promise<Heard<QueryAnswer>['outcome']>,
): Promise<MetricEvidence['windows'][number]> {
  const [resets, samples] = await Promise.all([
    asked(`max(resets(${window}))`),
    asked(`min(count_over_time(${window}))`),
  ]);
  return { window, resets, samples };
}

function transcript({ raw }: Reply): string {
  return `${raw.request}\n${raw.status ?? 'no answer'}\n${raw.body}`;
}
