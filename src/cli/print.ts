import type { CliContext } from './context.ts';

/** Writes lines for whoever, or whatever, reads the result. */
export function print(context: CliContext, lines: string | readonly string[]): void {
  for (const line of typeof lines === 'string' ? [lines] : lines) context.stdout(`${line}\n`);
}

/** Writes a line for the person at the terminal. */
export function note(context: CliContext, line: string): void {
  context.stderr(`${line}\n`);
}
