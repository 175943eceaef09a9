import { readdir, readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { ProcessMeasure } from '../contract/measure-host.ts';
import { errored, judgeValue, type Ranges } from '../kernel/verify/measurement.ts';
import { cut, type Measured } from './measured.ts';

const RUNNING: Ranges = { expect: { atLeast: 1 } };

interface Seen {
  readonly pid: string;
  /** What the kernel calls it, up to 15 characters. */
  readonly called: string;
  readonly argv: readonly string[];
}

/** Counts the processes of this host that run a program, as Linux shows them in `/proc`; without a range one is wanted. */
export async function measureProcess(
  { program, arguments: wanted }: ProcessMeasure,
  ranges: Ranges,
): Promise<Measured> {
  const seen = await processes();
  if (typeof seen === 'string') return { ...errored(`the processes of this host wanted; ${seen}`), raw: '' };
  const found = seen.filter(
    ({ called, argv }) =>
      (called === program.slice(0, 15) || runs(argv, program)) &&
      wanted.every((text) => argv.slice(1).includes(text)),
  );
  const { verdict, value, because } = judgeValue(
    found.length,
    ranges.expect || ranges.failWhen ? ranges : RUNNING,
  );
  // Arguments may hold a password of somebody else's program: only what the plan asked for is kept.
  const raw = found.map(({ pid, called }) => [pid, called, ...wanted].join(' ')).join('\n');
  return {
    verdict,
    value,
    because: `${because} (\`${program}\` among ${seen.length} processes)`,
    raw: cut(raw),
  };
}

/** A title that a program gave itself stands in its first argument: `postgres: writer`. */
function runs([first = '']: readonly string[], program: string): boolean {
  return basename(first.split(' ', 1)[0] ?? '').replace(/:$/, '') === program;
}

/** Every process, or why not all of them can be seen. */
async function processes(): Promise<readonly Seen[] | string> {
  try {
    // Where processes of others are hidden, the first one is too: then nobody knows what else there is.
    await readFile('/proc/1/stat', 'utf8');
    const pids = (await readdir('/proc')).filter(
      (name) => /^\d+$/.test(name) && Number(name) !== process.pid,
    );
    const seen = await Promise.all(pids.map(lookAt));
    return seen.flatMap((one) => one ?? []);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'an error';
    return `\`/proc\` does not show them: ${code}`;
  }
}

/** A process, or `null` where it ended meanwhile or is a corpse. */
async function lookAt(pid: string): Promise<Seen | null> {
  try {
    const [stat, line] = await Promise.all([
      readFile(`/proc/${pid}/stat`, 'utf8'),
      readFile(`/proc/${pid}/cmdline`, 'utf8'),
    ]);
    const [, called = '', state = ''] = /^\d+ \((.*)\) (\S)/s.exec(stat) ?? [];
    return state === 'Z' || state === 'X' ? null : { pid, called, argv: line.split('\0').slice(0, -1) };
  } catch {
    return null;
  }
}
