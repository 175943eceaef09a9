import type { CountMeasure } from '../contract/measure-host.ts';
import {
  errored,
  inconclusive,
  judgeValue,
  type MeasuredValue,
  type Ranges,
} from '../kernel/verify/measurement.ts';
import { plainEnvironment } from './command.ts';
import type { CheckContext } from './context.ts';
import { cut, type Measured, RAW_LIMIT } from './measured.ts';
import { type Ended, runGroup } from './process-group.ts';

const WHOLE = /^\d{1,15}$/;

/** Runs a program and takes what it counted, a whole number, or counts the lines that it wrote. */
export async function measureCount(
  spec: CountMeasure,
  ranges: Ranges,
  { env, signal }: CheckContext,
): Promise<Measured> {
  const ended = await runGroup(spec.argv, {
    env: plainEnvironment(env),
    signal: AbortSignal.any([signal, AbortSignal.timeout(spec.timeout)]),
    outputLimit: spec.of === 'lines' ? LINES_LIMIT : RAW_LIMIT,
  });
  return { ...judged(spec, ranges, ended), raw: cut(`${ended.stdout}${ended.stderr}`) };
}

/** Lines are counted over all that was written; past this it is not known how many there were. */
const LINES_LIMIT = 16 * 1_048_576;

function judged({ argv, of, timeout }: CountMeasure, ranges: Ranges, ended: Ended): MeasuredValue {
  const wanted = `a count by \`${argv[0] ?? ''}\` wanted`;
  if (ended.notStarted !== null) return errored(`${wanted}; it could not be started: ${ended.notStarted}`);
  if (ended.cutShort) return errored(`${wanted}; it did not end within ${timeout} ms`);
  if (ended.status !== 0)
    return errored(`${wanted}; it ended with ${ended.status ?? ended.signal ?? 'nothing'} instead of 0`);
  if (of === 'lines') {
    return ended.stdout.length >= LINES_LIMIT
      ? inconclusive(`${wanted}; it wrote more than can be counted`)
      : judgeValue(linesIn(ended.stdout), ranges);
  }
  const text = ended.stdout.trim();
  return WHOLE.test(text)
    ? judgeValue(Number(text), ranges)
    : errored(`${wanted}, a whole number; got \`${text.slice(0, 80)}\``);
}

/** Lines with something in them: a list of nothing is often one empty line. */
function linesIn(text: string): number {
  return text.split('\n').filter((line) => line.trim() !== '').length;
}
