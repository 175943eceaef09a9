import type { Command } from 'commander';
import { changePage } from '../contract/change-lists.ts';
import { type ChangeSummary } from '../contract/changes.ts';
import { CHANGE_STATES } from '../kernel/change/state.ts';
import { CRITICALITIES, SEVERITIES } from '../kernel/policy/facts.ts';
import { action } from './action.ts';
import { askAndTell, type Showing } from './ask-and-tell.ts';
import { choice, wholeNumber } from './choice.ts';
import type { CliContext } from './context.ts';
import { table } from './table.ts';

interface ListOptions extends Showing {
  readonly state?: string;
  readonly environment?: string;
  readonly service?: string;
  readonly criticality?: string;
  readonly severity?: string;
  readonly author?: string;
  readonly executor?: string;
  readonly text?: string;
  readonly before?: string;
  readonly limit?: number;
}

/** `interlock change list` */
export function register(change: Command, context: CliContext): void {
  change
    .command('list')
    .description('list requests, the newest first')
    .option('--state <state>', 'only those in this state', choice('a state', CHANGE_STATES))
    .option('--environment <name>', 'only those of this environment')
    .option('--service <name>', 'only those that touch this service')
    .option('--criticality <level>', 'only those of this criticality', choice('a criticality', CRITICALITIES))
    .option('--severity <level>', 'only those of this severity', choice('a severity', SEVERITIES))
    .option('--author <account>', 'only those of this author')
    .option('--executor <account>', 'only those that this account executes')
    .option('--text <words>', 'only those that hold these words')
    .option('--before <change>', 'only those older than this one')
    .option('--limit <number>', 'how many (50)', wholeNumber('a number', 1, 200))
    .option('--json', 'print the answer as JSON')
    .action(
      action(context, ({ json, ...filter }: ListOptions) => {
        const query = new URLSearchParams(
          Object.entries(filter).map(([name, value]): [string, string] => [name, String(value)]),
        );
        return askAndTell(
          context,
          { json: json === true },
          {
            method: 'GET',
            path: `/api/v1/changes?${query.toString()}`,
            answer: changePage,
            lines: ({ changes, next }) => [
              ...table([
                ['CHANGE', 'STATE', 'CRIT', 'SEV', 'ENVIRONMENT', 'SLOT', 'TITLE'],
                ...changes.map(row),
              ]),
              ...(next === null ? [] : [`There are more: --before ${next}`]),
            ],
          },
        );
      }),
    );
}

function row(change: ChangeSummary): string[] {
  const { slot } = change;
  const when = slot === null ? '-' : `${slot.start}${slot.accepted ? '' : ' (tentative)'}`;
  return [
    change.id,
    change.state,
    change.criticality,
    change.severity,
    change.environment,
    when,
    change.title,
  ];
}
