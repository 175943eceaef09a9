import type { Command } from 'commander';
import { measures, nextToAutomate, type Measures, type NextToAutomate } from '../contract/measures.ts';
import { action } from './action.ts';
import { askAndTell, type Showing } from './ask-and-tell.ts';
import type { CliContext } from './context.ts';
import { table } from './table.ts';

interface Options extends Showing {
  readonly from?: string;
  readonly to?: string;
}

/** `interlock measures show|next` */
export function register(program: Command, context: CliContext): void {
  const command = program.command('measures').description('how changes go, and what to automate next');
  command
    .command('show', { isDefault: true })
    .description('how changes went in the last 30 days, or in another time, and what stopped them')
    .option('--from <instant>', 'where it begins')
    .option('--to <instant>', 'where it ends, instead of now')
    .option('--json', 'print the answer as JSON')
    .action(
      action(context, ({ from, to, json }: Options) =>
        askAndTell(context, json === undefined ? {} : { json }, {
          method: 'GET',
          path: `/api/v1/measures?${new URLSearchParams({ ...(from && { from }), ...(to && { to }) }).toString()}`,
          answer: measures,
          lines: measureLines,
        }),
      ),
    );
  command
    .command('next')
    .description('what ran by hand, the first to automate first')
    .option('--json', 'print the answer as JSON')
    .action(
      action(context, (options: Showing) =>
        askAndTell(context, options, {
          method: 'GET',
          path: '/api/v1/measures/next-to-automate',
          answer: nextToAutomate,
          lines: nextLines,
        }),
      ),
    );
}

function measureLines({ from, to, started, ended, refusals }: Measures): string[] {
  const lead = started.leadTime;
  const states = ended.states.map(({ state, changes }) => `${changes} ${state}`);
  return [
    `from ${from} to ${to}`,
    started.changes === 0
      ? 'started: none'
      : `started: ${started.changes}; service changes ${percent(started.service)}, automated ${percent(started.automated)}`,
    ...(lead === null
      ? []
      : [
          `lead time: median ${lead.medianMinutes.toFixed(1)} min, p90 ${lead.p90Minutes.toFixed(1)} min from opened to started`,
        ]),
    `ended: ${states.length === 0 ? 'none' : states.join(', ')}${ended.ran === 0 ? '' : `; failure rate ${percent(ended.failureRate)} of ${ended.ran} that ran`}`,
    ...(refusals.length === 0
      ? ['nothing was refused']
      : table([
          ['REFUSED BY', 'TIMES', 'MINUTES BLOCKED'],
          ...refusals.map(({ rule, refused, blockedMinutes }) => [
            rule,
            String(refused),
            blockedMinutes.toFixed(1),
          ]),
        ])),
  ];
}

function percent(share: number | null): string {
  return share === null ? 'unknown' : `${(share * 100).toFixed(1)} %`;
}

function nextLines({ next }: NextToAutomate): string[] {
  if (next.length === 0) return ['nothing ran by hand'];
  const rows = next.map(({ kind, name, runs, worst, belowBudget }) => [
    kind,
    name,
    worst,
    String(runs),
    belowBudget.join(' '),
  ]);
  return table([['WHAT', 'NAME', 'WORST', 'RUNS', 'BELOW BUDGET'], ...rows]);
}
