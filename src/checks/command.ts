import type { CommandMeasure } from '../contract/measure-host.ts';
import { errored, judgeValue, type MeasuredValue, type Ranges } from '../kernel/verify/measurement.ts';
import { parseSample } from '../kernel/verify/sample.ts';
import type { CheckContext } from './context.ts';
import { cut, type Measured } from './measured.ts';
import { judgeNagios } from './nagios.ts';
import { type Ended, runGroup } from './process-group.ts';

/**
 * Runs a program by its arguments and judges its exit status (the Nagios plugin protocol, or the ranges where they are given), its
 * output as text, or its output as one number. Output counts only with exit status 0.
 */
export async function measureCommand(
  spec: CommandMeasure,
  ranges: Ranges,
  { env, signal }: CheckContext,
): Promise<Measured> {
  const ended = await runGroup(spec.argv, {
    env: plainEnvironment(env),
    signal: AbortSignal.any([signal, AbortSignal.timeout(spec.timeout)]),
  });
  return { ...judged(spec, ranges, ended), raw: cut(`${ended.stdout}${ended.stderr}`) };
}

/** What a command may see. No address, no password, no token of the executor: a check names none. */
const PASSED = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'TZ', 'USER', 'LOGNAME', 'TMPDIR'];

/** The variables of an executor that a read-only command may see. */
export function plainEnvironment(env: CheckContext['env']): Record<string, string | undefined> {
  return Object.fromEntries(PASSED.map((name) => [name, env[name]]));
}

function judged({ argv, measure, timeout }: CommandMeasure, ranges: Ranges, ended: Ended): MeasuredValue {
  const name = `\`${argv[0] ?? ''}\``;
  if (ended.notStarted !== null)
    return errored(`${name} wanted; it could not be started: ${ended.notStarted}`);
  if (ended.cutShort) return errored(`an end of ${name} within ${timeout} ms wanted; it was ended`);
  if (ended.status === null)
    return errored(`an exit status of ${name} wanted; it was ended by ${ended.signal}`);
  if (measure === 'status') {
    return ranges.expect || ranges.failWhen
      ? judgeValue(ended.status, ranges)
      : judgeNagios(ended.status, ended.stdout);
  }
  if (ended.status !== 0) return errored(`exit status 0 of ${name} wanted; got ${ended.status}`);
  const output = ended.stdout.trim();
  if (measure === 'stdout') return judgeValue(output, ranges);
  const number = parseSample(output);
  return number === null
    ? errored(`one number from ${name} wanted; got \`${output}\``)
    : judgeValue(number, ranges);
}
