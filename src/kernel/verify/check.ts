import type { MeasuredValue, MeasurementVerdict } from './measurement.ts';
import { counted } from './quantity.ts';
import { type Judgement, unknown } from './verdict.ts';

/** How many measurements make a verdict, and what is tolerated on the way. */
export interface Limits {
  /** Measurements that must be made; one that ended in an error is made again and does not count. */
  readonly count: number;
  readonly failureLimit: number;
  readonly inconclusiveLimit: number;
  readonly consecutiveErrorLimit: number;
}

/** One measurement, nothing tolerated. */
export const SINGLE: Limits = { count: 1, failureLimit: 0, inconclusiveLimit: 0, consecutiveErrorLimit: 1 };

/** Whether more has to be measured, or what the measurements so far come to. */
export type Progress = { readonly done: false } | ({ readonly done: true } & Judgement);

/**
 * Judges a check by its measurements, in the order they were made. It ends as soon as a limit is passed.
 * INVARIANT: no measurement, or none that passed, is never a pass, whatever the limits tolerate.
 */
export function judgeCheck(measurements: readonly MeasuredValue[], limits: Limits): Progress {
  const many = (verdict: MeasurementVerdict) => measurements.filter((one) => one.verdict === verdict);
  const failed = many('fail');
  const unclear = many('inconclusive');
  const passed = many('pass');
  const errors = errorsAtEnd(measurements);

  if (failed.length > limits.failureLimit) return done('fail', failed, measurements);
  if (unclear.length > limits.inconclusiveLimit) return done('unknown', unclear, measurements);
  if (errors.length >= limits.consecutiveErrorLimit) return done('unknown', errors, measurements);
  if (failed.length + unclear.length + passed.length < limits.count || limits.count < 1)
    return { done: false };
  if (passed.length > 0) return done('pass', passed, measurements);
  return failed.length > 0 ? done('fail', failed, measurements) : done('unknown', unclear, measurements);
}

/** The verdict of a check that was ended from outside before its measurements came to one. */
export function judgeUnfinished(measurements: readonly MeasuredValue[], why: string): Judgement {
  const last = measurements.at(-1);
  const seen = last ? `; the last said: ${last.because}` : '';
  return unknown(`${why} after ${counted(measurements.length, 'measurement')}${seen}`);
}

function errorsAtEnd(measurements: readonly MeasuredValue[]): readonly MeasuredValue[] {
  return measurements.slice(measurements.findLastIndex(({ verdict }) => verdict !== 'error') + 1);
}

function done(
  verdict: Judgement['verdict'],
  decisive: readonly MeasuredValue[],
  all: readonly MeasuredValue[],
): Progress {
  const last = decisive.at(-1);
  const because = last?.because ?? 'a measurement wanted, none made';
  const share = all.length > 1 ? ` (${decisive.length} of ${counted(all.length, 'measurement')})` : '';
  return { done: true, verdict, because: because + share };
}
