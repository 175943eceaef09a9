import type { Command } from 'commander';
import { announced } from '../contract/changes.ts';
import { action } from './action.ts';
import { askAndTell, type Showing } from './ask-and-tell.ts';
import { addressOf } from './change-address.ts';
import type { CliContext } from './context.ts';

/** `interlock announce ID` */
export function register(program: Command, context: CliContext): void {
  program
    .command('announce <change>')
    .description('have the start of a change announced in the production channel')
    .option('--json', 'print the answer as JSON')
    .action(
      action(context, (id: string, options: Showing) =>
        askAndTell(context, options, {
          method: 'POST',
          path: addressOf(id, '/announce'),
          answer: announced,
          lines: ({ announcedAt }) => [
            announcedAt === null
              ? `${id}: the announcement is on its way; it counts once the channel has it`
              : `${id}: announced in the production channel at ${announcedAt}`,
          ],
        }),
      ),
    );
}
