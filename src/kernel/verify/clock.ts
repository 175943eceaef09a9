import { onlyValue } from './metric.ts';
import { span } from './quantity.ts';
import { sampleText } from './sample.ts';
import type { QueryOutcome } from './series.ts';
import { fail, type Judgement, pass, unknown } from './verdict.ts';

/** When something was asked, by the database's clock. */
export type Asked = readonly [fromMs: number, toMs: number];

/** How far an instant lies outside the time of asking: positive where it is ahead of it. */
export function aheadMs(atMs: number, [fromMs, toMs]: Asked): number {
  if (atMs > toMs) return atMs - toMs;
  return atMs < fromMs ? atMs - fromMs : 0;
}

/** M2: `vector(1)` is 1, and `time()` is the database's time within the tolerance. */
export function judgeClock(
  one: QueryOutcome,
  time: QueryOutcome,
  { asked, toleranceMs }: { readonly asked: Asked; readonly toleranceMs: number },
): Judgement {
  if (!one.ok) return unknown(`\`vector(1)\` wanted to be 1; ${one.because}`);
  if (!time.ok) return unknown(`\`time()\` wanted; ${time.because}`);
  if (onlyValue(one) !== 1) {
    return fail(
      `\`vector(1)\` wanted to be 1; got ${one.value.series.map(({ value }) => sampleText(value)).join(', ') || 'no data'}`,
    );
  }
  const seconds = onlyValue(time);
  if (seconds === null) return unknown('`time()` wanted to be one number; got none');
  const off = Math.abs(aheadMs(seconds * 1_000, asked));
  const wanted = `\`time()\` within ${span(toleranceMs)} of the database's clock wanted`;
  return off <= toleranceMs
    ? pass(`\`vector(1)\` is 1; ${wanted}; it is ${span(off)} off`)
    : fail(`${wanted}; it is ${span(off)} off`);
}
