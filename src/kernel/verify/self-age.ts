import { onlyValue } from './metric.ts';
import { span } from './quantity.ts';
import type { QueryOutcome } from './series.ts';
import { fail, type Judgement, pass, unknown } from './verdict.ts';

/** M3: the age of the newest sample of Prometheus itself, `time() - max(timestamp(up{job=…}))`, in seconds. */
export function judgeSelfAge(
  age: QueryOutcome,
  {
    job,
    scrapeIntervalMs,
    intervals,
  }: { readonly job: string; readonly scrapeIntervalMs: number | null; readonly intervals: number },
): Judgement {
  if (!age.ok) return unknown(`the age of the newest sample of Prometheus itself wanted; ${age.because}`);
  if (age.value.series.length === 0) {
    return fail(`samples of Prometheus itself (\`job="${job}"\`) wanted; got none`);
  }
  const seconds = onlyValue(age);
  if (seconds === null)
    return unknown('one age of the newest sample of Prometheus itself wanted; got no number');
  if (scrapeIntervalMs === null) {
    return unknown(
      `newest sample of Prometheus itself is ${span(seconds * 1_000)} old, but its scrape interval is not known: it scrapes no \`job="${job}"\``,
    );
  }
  const limitMs = intervals * scrapeIntervalMs;
  const because = `newest sample of Prometheus itself is ${span(seconds * 1_000)} old, under ${span(limitMs)} wanted (${intervals} × scrape interval ${span(scrapeIntervalMs)})`;
  // A sample from the future is no sign of life.
  return seconds * 1_000 < limitMs && seconds * 1_000 > -limitMs ? pass(because) : fail(because);
}
