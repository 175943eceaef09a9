import type { CliContext } from './context.ts';
import { guarded } from './input.ts';

/** Makes a command's action of a function that answers the exit status. */
export function action<Arguments extends unknown[]>(
  context: CliContext,
  run: (...args: Arguments) => Promise<number>,
): (...args: Arguments) => Promise<void> {
  return (...args) => guarded(context, () => run(...args));
}
