import type { Command } from 'commander';
import { changeView } from '../contract/changes.ts';
import { delayedChecks } from '../contract/watching.ts';
import { action } from './action.ts';
import { askAndTell, type Showing } from './ask-and-tell.ts';
import { addressOf } from './change-address.ts';
import { changeLines } from './change-text.ts';
import type { CliContext } from './context.ts';
import { delayedLines } from './delayed-lines.ts';
import { plainLine } from './plain-line.ts';
import { print } from './print.ts';

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
      action(context, async (id: string, options: ShowOptions) => {
        const status = await askAndTell(context, options, {
          method: 'GET',
          path: addressOf(id),
          answer: changeView,
          lines: (shown) =>
            options.plan === true ? [shown.planText.trimEnd()] : changeLines(shown, options.all),
        });
        if (status === 0 && options.json !== true && options.plan !== true) await showDelayed(context, id);
        return status;
      }),
    );
}

/** What is measured of it a while after its end, if anything is. */
async function showDelayed(context: CliContext, id: string): Promise<void> {
  const { checks } = await context
    .client()
    .ask('GET', `${addressOf(id)}/delayed-checks`, { answer: delayedChecks });
  if (checks.length === 0) return;
  print(context, ['Watched:', ...delayedLines(checks).map((line) => `  ${plainLine(line)}`)]);
}
