import { valueText } from './expectation.ts';
import {
  errored,
  inconclusive,
  judgeValue,
  type MeasuredValue,
  type MeasurementVerdict,
  type Ranges,
} from './measurement.ts';
import { counted, named, span } from './quantity.ts';
import { isMeasured, sampleText } from './sample.ts';
import { labelKey, type QueryAnswer, type QueryOutcome, type Series } from './series.ts';

/** Fewer samples than this in a window and a rate says little: SAFETY section 3. */
export const SCRAPES_PER_WINDOW = 4;

/** What a metric check asks for, beside its ranges. */
export interface MetricWanted extends Ranges {
  /** How many series the answer must have. */
  readonly series: number;
  /** Labels that each of them must bear. */
  readonly labels: Readonly<Record<string, string>>;
  readonly maxSampleAgeMs: number;
  readonly allowedWarnings: readonly string[];
  /** When it was asked, by the asker's clock, and how far Prometheus's may be from it. */
  readonly askedMs: readonly [from: number, to: number];
  readonly clockToleranceMs: number;
}

/** What was asked beside the query itself, to know whether its answer means anything. */
export interface MetricEvidence {
  readonly answer: QueryOutcome;
  /** Per selector of the query: `time() - min(timestamp(selector))`, in seconds. */
  readonly ages: readonly { readonly selector: string; readonly seconds: QueryOutcome }[];
  /** Per window over which counters are compared: how often they were reset in it, and the fewest samples of any series. */
  readonly windows: readonly {
    readonly window: string;
    readonly resets: QueryOutcome;
    readonly samples: QueryOutcome;
  }[];
  readonly traffic: { readonly outcome: QueryOutcome; readonly atLeast: number } | null;
}

/**
 * Judges one measurement of a metric. Whatever makes the answer doubtful comes before the value: a stale or partial number in the
 * failure range is not a failure either, because nothing is rolled back for want of data.
 */
export function judgeMetric(evidence: MetricEvidence, wanted: MetricWanted): MeasuredValue {
  const { answer } = evidence;
  if (!answer.ok) return errored(answer.because);
  const doubt =
    doubtOfTransport(evidence) ??
    doubtOfWarnings(evidence, wanted) ??
    doubtOfClock(answer.value, wanted) ??
    doubtOfShape(answer.value.series, wanted) ??
    doubtOfAge(evidence, wanted) ??
    doubtOfWindows(evidence) ??
    doubtOfTraffic(evidence.traffic);
  return doubt ?? judgeSeries(answer.value.series, wanted);
}

type Doubt = MeasuredValue | null;

function besides({ ages, windows, traffic }: MetricEvidence): readonly QueryOutcome[] {
  return [
    ...ages.map(({ seconds }) => seconds),
    ...windows.flatMap(({ resets, samples }) => [resets, samples]),
    ...(traffic ? [traffic.outcome] : []),
  ];
}

function doubtOfTransport(evidence: MetricEvidence): Doubt {
  const lost = besides(evidence).find((outcome) => !outcome.ok);
  return lost && !lost.ok ? errored(lost.because) : null;
}

function doubtOfWarnings(evidence: MetricEvidence, { allowedWarnings }: MetricWanted): Doubt {
  const warnings = [evidence.answer, ...besides(evidence)]
    .flatMap((outcome) => (outcome.ok ? outcome.value.warnings : []))
    .filter((warning) => !allowedWarnings.includes(warning));
  return warnings.length === 0
    ? null
    : inconclusive(`an answer without warnings wanted; got ${named([...new Set(warnings)])}`);
}

/** An answer from another time is somebody's cache, or somebody's broken clock. */
function doubtOfClock(answer: QueryAnswer, { askedMs: [from, to], clockToleranceMs }: MetricWanted): Doubt {
  const at = answer.evaluatedAtMs;
  if (at === null) return null;
  const off = Math.max(from - at, at - to, 0);
  return off <= clockToleranceMs
    ? null
    : inconclusive(
        `an answer of now (within ${span(clockToleranceMs)}) wanted; this one is ${span(off)} off`,
      );
}

function doubtOfShape(series: readonly Series[], wanted: MetricWanted): Doubt {
  if (series.length !== wanted.series) {
    return inconclusive(
      `${counted(wanted.series, 'series', 'series')} wanted; got ${series.length === 0 ? 'no data' : series.length}`,
    );
  }
  for (const { labels, value } of series) {
    for (const [name, label] of Object.entries(wanted.labels)) {
      if (labels[name] !== label) {
        return inconclusive(
          `the label \`${name}="${label}"\` wanted on every series; got \`${labelKey(labels)}\``,
        );
      }
    }
    if (!isMeasured(value)) return inconclusive(`a number wanted; got ${sampleText(value)}`);
  }
  return null;
}

function doubtOfAge({ ages }: MetricEvidence, { maxSampleAgeMs, clockToleranceMs }: MetricWanted): Doubt {
  if (ages.length === 0) return inconclusive('a query that reads a metric wanted; this one reads none');
  for (const { selector, seconds } of ages) {
    const age = onlyValue(seconds);
    if (age === null) return inconclusive(`samples of \`${selector}\` wanted; got none`);
    const ageMs = age * 1_000;
    if (!(ageMs <= maxSampleAgeMs && ageMs >= -clockToleranceMs)) {
      return inconclusive(
        `samples of \`${selector}\` at most ${span(maxSampleAgeMs)} old wanted; the oldest is ${span(ageMs)} old`,
      );
    }
  }
  return null;
}

function doubtOfWindows({ windows }: MetricEvidence): Doubt {
  for (const { window, resets, samples } of windows) {
    const fewest = onlyValue(samples);
    if (fewest === null || !(fewest >= SCRAPES_PER_WINDOW)) {
      return inconclusive(
        `at least ${SCRAPES_PER_WINDOW} samples of every series in \`${window}\` wanted; got ${fewest ?? 'none'}`,
      );
    }
    const reset = onlyValue(resets);
    if (reset !== 0) {
      return inconclusive(
        `no counter reset in \`${window}\` wanted; got ${reset ?? 'no answer'}: its target was restarted`,
      );
    }
  }
  return null;
}

function doubtOfTraffic(traffic: MetricEvidence['traffic']): Doubt {
  if (!traffic) return null;
  const value = onlyValue(traffic.outcome);
  return value !== null && value >= traffic.atLeast
    ? null
    : inconclusive(`traffic of at least ${traffic.atLeast} wanted to judge by; got ${value ?? 'no data'}`);
}

/** The one finite value of an answer, or `null` if there is none or more than one. */
export function onlyValue(outcome: QueryOutcome): number | null {
  if (!outcome.ok) return null;
  const [only, ...others] = outcome.value.series;
  return only && others.length === 0 && isMeasured(only.value) ? only.value : null;
}

const WORST_FIRST: readonly MeasurementVerdict[] = ['fail', 'error', 'inconclusive', 'pass'];

/** The worst series speaks for all. */
function judgeSeries(series: readonly Series[], ranges: Ranges): MeasuredValue {
  const judged = series.map(({ labels, value }) => ({ labels, ...judgeValue(value, ranges) }));
  const [worst] = judged.toSorted((a, b) => WORST_FIRST.indexOf(a.verdict) - WORST_FIRST.indexOf(b.verdict));
  if (!worst) return inconclusive('a series wanted; got no data');
  const { verdict, value, because, labels } = worst;
  const whose =
    series.length > 1 ? ` (the worst of ${series.length}: ${labelKey(labels)} is ${valueText(value)})` : '';
  return { verdict, value, because: because + whose };
}
