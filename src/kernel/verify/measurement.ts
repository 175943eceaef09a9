import { type Expectation, rangeText, type Value, valueText, within } from './expectation.ts';

/** `inconclusive`: no, partial, stale or NaN data, a warning, a value between the ranges. `error`: transport, 4xx, 5xx, parse. */
export const MEASUREMENT_VERDICTS = ['pass', 'fail', 'inconclusive', 'error'] as const;
export type MeasurementVerdict = (typeof MEASUREMENT_VERDICTS)[number];

/** One measurement, judged. */
export interface MeasuredValue {
  readonly verdict: MeasurementVerdict;
  readonly value: Value;
  /** What was wanted and what was seen. */
  readonly because: string;
}

/** The success range and the failure range of a check. */
export interface Ranges {
  readonly expect?: Expectation | undefined;
  readonly failWhen?: Expectation | undefined;
}

/**
 * Judges one value. The failure range comes first; with only one range the other is its complement; what lies in neither of
 * two is inconclusive, as is a value that cannot be compared, or a check without any range.
 */
export function judgeValue(value: Value, { expect, failWhen }: Ranges): MeasuredValue {
  const seen = `got ${valueText(value)}`;
  const say = (verdict: MeasurementVerdict, because: string): MeasuredValue => ({ verdict, value, because });

  if (!expect && !failWhen) return say('inconclusive', `a range to compare with wanted, none given; ${seen}`);
  const failed = failWhen ? within(value, failWhen) : false;
  const met = expect ? within(value, expect) : true;
  const wanted = wantedText({ expect, failWhen });
  if (failed === null || met === null) {
    return say('inconclusive', `${wanted}; ${seen}, which cannot be compared with it`);
  }
  if (failed) return say('fail', `${wanted}; ${seen}`);
  if (met) return say('pass', `${wanted}; ${seen}`);
  return failWhen
    ? say('inconclusive', `${wanted}; ${seen}, which lies between the two ranges`)
    : say('fail', `${wanted}; ${seen}`);
}

/** Both ranges in one phrase. */
export function wantedText({ expect, failWhen }: Ranges): string {
  const parts = [
    ...(expect ? [`a value ${rangeText(expect)} wanted`] : []),
    ...(failWhen ? [`${rangeText(failWhen)} is a failure`] : []),
  ];
  return parts.join(', ');
}

export const inconclusive = (because: string, value: Value = null): MeasuredValue => ({
  verdict: 'inconclusive',
  value,
  because,
});

/** A measurement that could not be made: nobody knows what it would have shown. */
export const errored = (because: string): MeasuredValue => ({ verdict: 'error', value: null, because });
