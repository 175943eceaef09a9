import type { Command } from 'commander';
import { history, type HistoryEntry } from '../contract/change-history.ts';
import { action } from './action.ts';
import { askAndTell, type Showing } from './ask-and-tell.ts';
import { addressOf } from './change-address.ts';
import { wholeNumber } from './choice.ts';
import type { CliContext } from './context.ts';
import { table } from './table.ts';

interface HistoryOptions extends Showing {
  readonly from?: string;
  readonly limit: number;
}

/** `interlock change history ID` */
export function register(change: Command, context: CliContext): void {
  change
    .command('history <change>')
    .description('everything recorded of a request and its runs, refusals too, in order')
    .option('--from <index>', 'from this entry of the ledger on')
    .option('--limit <number>', 'how many', wholeNumber('a number', 1, 500), 500)
    .option('--json', 'print the answer as JSON')
    .action(
      action(context, (id: string, { from, limit, ...options }: HistoryOptions) => {
        const query = new URLSearchParams({ limit: String(limit), ...(from !== undefined && { from }) });
        return askAndTell(context, options, {
          method: 'GET',
          path: addressOf(id, `/history?${query.toString()}`),
          answer: history,
          lines: ({ entries, next }) => [
            ...table([['ENTRY', 'AT', 'BY', 'WHAT', 'OUTCOME', 'WHY'], ...entries.map(row)]),
            ...(next === null ? [] : [`There are more: --from ${next}`]),
          ],
        });
      }),
    );
}

function row({ index, at, actor, capacity, type, object, outcome, reason, said }: HistoryEntry): string[] {
  const what = object.startsWith('change/') ? type : `${type} ${object.slice(object.indexOf('/') + 1)}`;
  const why = (said === null ? reason : `${reason}: ${said}`).replaceAll(/\s+/g, ' ');
  return [
    index,
    at.slice(0, 19) + 'Z',
    capacity === null ? actor : `${actor} (${capacity})`,
    what,
    outcome,
    why,
  ];
}
