import type { Command } from 'commander';
import { openedChange } from '../contract/changes.ts';
import { action } from './action.ts';
import { askAndTell, type Showing } from './ask-and-tell.ts';
import { addressOf } from './change-address.ts';
import type { CliContext } from './context.ts';

interface CloneOptions extends Showing {
  readonly draft?: true;
}

/** `interlock change clone ID` */
export function register(change: Command, context: CliContext): void {
  change
    .command('clone <change>')
    .description('file another request from the newest plan of one; nothing said of that one goes along')
    .option('--draft', 'file it as a draft')
    .option('--json', 'print the answer as JSON')
    .action(
      action(context, (id: string, { draft, ...options }: CloneOptions) =>
        askAndTell(context, options, {
          method: 'POST',
          path: addressOf(id, '/clone'),
          body: { draft },
          answer: openedChange,
          lines: ({ id: made, title, state }) => [`${made} is ${state}, a copy of ${id}: ${title}`],
        }),
      ),
    );
}
