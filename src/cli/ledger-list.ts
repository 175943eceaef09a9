import type { Command } from 'commander';
import { ledgerPage, OUTCOMES, type LedgerPage } from '../contract/ledger.ts';
import { action } from './action.ts';
import { askAndTell, type Showing } from './ask-and-tell.ts';
import { choice, wholeNumber } from './choice.ts';
import type { CliContext } from './context.ts';
import { table } from './table.ts';

interface ListOptions extends Showing {
  readonly type?: string;
  readonly person?: string;
  readonly change?: string;
  readonly object?: string;
  readonly outcome?: string;
  readonly since?: string;
  readonly until?: string;
  readonly from?: string;
  readonly oldest?: boolean;
  readonly limit: number;
}

/** `interlock ledger list` */
export function registerListing(ledger: Command, context: CliContext): void {
  ledger
    .command('list')
    .description('entries of the running server, the newest first')
    .option('--type <type>', 'only those of this type, such as `decision`')
    .option('--person <account>', 'only what this person, service or part of the program did')
    .option('--change <change>', 'only those about this request, its runs, vetoes and tasks')
    .option('--object <kind/id>', 'only those about this')
    .option('--outcome <outcome>', 'only what was done, refused or failed', choice('an outcome', OUTCOMES))
    .option('--since <instant>', 'only those at or after this instant')
    .option('--until <instant>', 'only those before it')
    .option('--from <index>', 'from this entry on')
    .option('--oldest', 'the oldest first')
    .option('--limit <number>', 'how many', wholeNumber('a number', 1, 1_000), 50)
    .option('--json', 'print the answer as JSON')
    .action(
      action(context, ({ json, oldest, ...filter }: ListOptions) => {
        const query = new URLSearchParams({ order: oldest === true ? 'oldest' : 'newest' });
        for (const [name, value] of Object.entries(filter)) query.set(name, String(value));
        return askAndTell(
          context,
          { json: json === true },
          {
            method: 'GET',
            path: `/api/v1/ledger/entries?${query.toString()}`,
            answer: ledgerPage,
            lines: pageLines,
          },
        );
      }),
    );
}

function pageLines({ entries, next }: LedgerPage): string[] {
  if (entries.length === 0) return ['no such entry'];
  const rows = entries.map(({ index, entry }) => [
    index,
    `${entry.time.slice(0, 19)}Z`,
    entry.actor.subject,
    entry.type,
    entry.object,
    entry.outcome,
    entry.reason,
  ]);
  return [
    ...table([['ENTRY', 'AT', 'BY', 'TYPE', 'ABOUT', 'OUTCOME', 'WHY'], ...rows]),
    ...(next === null ? [] : [`There are more: --from ${next}`]),
  ];
}
