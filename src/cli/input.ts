import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { formatProblem, type Problem, type Source } from '../documents/problem.ts';
import type { CliContext } from './context.ts';

/** Something a person gave that cannot be used; `run` prints it and ends with status 3. */
export class InvalidInput extends Error {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map(formatProblem).join('\n'));
    this.name = 'InvalidInput';
    this.problems = problems;
  }
}

export const STDIN = '-';

/** Reads a file that was named on the command line; `-` is standard input. */
export async function readSource(context: CliContext, file: string): Promise<Source> {
  if (file === STDIN) return { file: '<stdin>', text: withoutMark(await context.readStdin()) };
  try {
    return { file, text: withoutMark(await readFile(resolve(context.cwd, file), 'utf8')) };
  } catch (cause) {
    const message = `expected a file that can be read, got ${whyNot(cause)}`;
    throw new InvalidInput([{ file, line: 1, column: 1, message }]);
  }
}

const NOT_READ: Readonly<Record<string, string>> = {
  ENOENT: 'none',
  EISDIR: 'a folder',
  EACCES: 'one that this user may not read',
};

function whyNot(cause: unknown): string {
  const code = (cause as NodeJS.ErrnoException).code ?? String(cause);
  return NOT_READ[code] ?? `\`${code}\``;
}

/** A byte order mark is no part of what was written. */
function withoutMark(text: string): string {
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}

/** Runs a command; what a person got wrong is printed without a stack trace, and the status is 3. */
export async function guarded(context: CliContext, run: () => Promise<number>): Promise<void> {
  try {
    context.exit(await run());
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    context.stderr(`${error.message}\n`);
    context.exit(3);
  }
}
