import type { Command } from 'commander';
import { changeView } from '../contract/changes.ts';
import { action } from './action.ts';
import { askAndTell, type Showing } from './ask-and-tell.ts';
import { addressOf } from './change-address.ts';
import { changeLines } from './change-text.ts';
import type { CliContext } from './context.ts';

interface ShowOptions extends Showing {
  readonly plan?: boolean;
}

/** `interlock change show ID` */
export function register(change: Command, context: CliContext): void {
  change
    .command('show <change>')
    .description('show a request, who said what, and the verdict on its next act')
    .option('--all', 'every rule of the verdict')
    .option('--plan', 'the text of the plan, nothing else')
    .option('--json', 'print the answer as JSON')
    .action(
      action(context, (id: string, options: ShowOptions) =>
        askAndTell(context, options, {
          method: 'GET',
          path: addressOf(id),
          answer: changeView,
          lines: (shown) =>
            options.plan === true ? [shown.planText.trimEnd()] : changeLines(shown, options.all),
        }),
      ),
    );
}
