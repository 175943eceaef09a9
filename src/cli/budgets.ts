import type { Command } from 'commander';
import { errorBudgets } from '../contract/error-budgets.ts';
import { action } from './action.ts';
import { askAndTell, type Showing } from './ask-and-tell.ts';
import type { CliContext } from './context.ts';
import { table } from './table.ts';

/** `interlock budgets` */
export function register(program: Command, context: CliContext): void {
  program
    .command('budgets')
    .description('what is left of the error budgets; one that is burnt or unknown makes changes maintenance')
    .option('--json', 'print the answer as JSON')
    .action(
      action(context, (options: Showing) =>
        askAndTell(context, options, {
          method: 'GET',
          path: '/api/v1/error-budgets',
          answer: errorBudgets,
          lines: ({ budgets }) =>
            table([
              ['SERVICE', 'LEFT', 'BURNT AT', 'READ', 'WHY'],
              ...budgets.map(({ service, remaining, threshold, readAt, because }) => [
                service,
                remaining === null ? 'unknown' : `${(remaining * 100).toFixed(1)} %`,
                `${threshold * 100} %`,
                readAt ?? 'never',
                because,
              ]),
            ]),
        }),
      ),
    );
}
