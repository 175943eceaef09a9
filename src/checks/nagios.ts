import type { MeasuredValue, MeasurementVerdict } from '../kernel/verify/measurement.ts';

const MEANING = {
  0: { verdict: 'pass', word: 'OK' },
  1: { verdict: 'inconclusive', word: 'WARNING' },
  2: { verdict: 'fail', word: 'CRITICAL' },
  3: { verdict: 'inconclusive', word: 'UNKNOWN' },
} as const satisfies Record<number, { verdict: MeasurementVerdict; word: string }>;

/**
 * Judges an exit status by the Nagios plugin protocol; any other status is an error. The text is the first line before `|`, after
 * which performance data follows.
 */
export function judgeNagios(status: number, stdout: string): MeasuredValue {
  const text = nagiosText(stdout);
  const said = text === '' ? '' : `: ${text}`;
  if (!isKnown(status)) {
    return {
      verdict: 'error',
      value: status,
      because: `an exit status from 0 to 3 wanted; got ${status}${said}`,
    };
  }
  const { verdict, word } = MEANING[status];
  return { verdict, value: status, because: `exit status 0 (OK) wanted; got ${status} (${word})${said}` };
}

/** The text of a plugin's output, without its performance data. */
export function nagiosText(stdout: string): string {
  const [line = ''] = stdout.split('\n', 1);
  const [text = ''] = line.split('|', 1);
  return text.trim();
}

function isKnown(status: number): status is keyof typeof MEANING {
  return Object.hasOwn(MEANING, status);
}
