import type { Command } from 'commander';
import { setup } from '../contract/setup.ts';
import { action } from './action.ts';
import { askAndTell, type Showing } from './ask-and-tell.ts';
import type { CliContext } from './context.ts';
import { table } from './table.ts';

/** `interlock setup` */
export function register(program: Command, context: CliContext): void {
  program
    .command('setup')
    .description('what is left to set up on the server before its first change, by what is so now')
    .option('--json', 'print the answer as JSON')
    .action(
      action(context, (options: Showing) =>
        askAndTell(context, options, {
          method: 'GET',
          path: '/api/v1/setup',
          answer: setup,
          lines: ({ steps }) => [
            ...table(steps.map(({ done, title, text }) => [done ? 'done' : 'MISSING', title, text])),
            ...steps.filter(({ done }) => !done).map(({ title, how }) => `${title}: ${how}`),
          ],
          status: ({ done }) => (done ? 0 : 1),
        }),
      ),
    );
}
