import { named, span } from './quantity.ts';
import { isMeasured, sampleText } from './sample.ts';
import type { QueryOutcome } from './series.ts';
import { fail, type Judgement, pass, unknown } from './verdict.ts';

/** M6: samples are being appended; the rate of each Prometheus of the job is above 0. */
export function judgeIngestion(rates: QueryOutcome, windowMs: number): Judgement {
  const wanted = `samples appended in the last ${span(windowMs)} wanted`;
  if (!rates.ok) return unknown(`${wanted}; ${rates.because}`);
  const { series } = rates.value;
  if (series.length === 0) return fail(`${wanted}; got no rate at all`);
  const idle = series.filter(({ value }) => !(isMeasured(value) && value > 0));
  if (idle.length > 0) {
    return fail(
      `${wanted}; not by ${named(idle.map(({ labels, value }) => `${labels['instance'] ?? ''} (${sampleText(value)} a second)`))}`,
    );
  }
  return pass(`${wanted}; got ${series.map(({ value }) => Math.round(value)).join(', ')} a second`);
}
