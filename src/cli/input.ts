import { isUtf8 } from 'node:buffer';
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
  const bytes = await readFile(resolve(context.cwd, file)).catch((cause: unknown) => {
    const message = `expected a file that can be read, got ${whyNot(cause)}`;
    throw new InvalidInput([{ file, line: 1, column: 1, message }]);
  });
  return { file, text: withoutMark(textOf(file, bytes)) };
}

/** What bytes say. @throws {InvalidInput} where they are no UTF-8: they would be read as something that nobody wrote */
export function textOf(file: string, bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (isUtf8(buffer)) return buffer.toString('utf8');
  throw new InvalidInput([
    { file, ...firstOther(buffer), message: 'expected text in UTF-8, got other bytes' },
  ]);
}

/** Where the first byte stands that is no text. No character of several bytes holds one that looks like a line feed. */
function firstOther(buffer: Buffer): { line: number; column: number } {
  let line = 1;
  let start = 0;
  for (;;) {
    const feed = buffer.indexOf(0x0a, start);
    const bytes = buffer.subarray(start, feed === -1 ? undefined : feed);
    if (feed === -1 || !isUtf8(bytes)) {
      return { line, column: Math.max(0, bytes.toString('utf8').indexOf('\uFFFD')) + 1 };
    }
    start = feed + 1;
    line += 1;
  }
}

const NOT_READ: Readonly<Record<string, string>> = {
  ENOENT: 'none',
  EISDIR: 'a folder',
  ENOTDIR: 'a file',
  EACCES: 'one that this user may not read',
};

/** Why something that was named cannot be read. */
export function whyNot(cause: unknown): string {
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
