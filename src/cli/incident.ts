import type { Command } from 'commander';
import { incidents, incidentView, type IncidentView } from '../contract/channel.ts';
import { SEVERITIES } from '../kernel/policy/facts.ts';
import { action } from './action.ts';
import { askAndTell, type Showing } from './ask-and-tell.ts';
import { choice } from './choice.ts';
import type { CliContext } from './context.ts';
import { table } from './table.ts';

interface OpenOptions extends Showing {
  readonly severity: string;
}

/** `interlock incident open|resolve|list` */
export function register(program: Command, context: CliContext): void {
  const incident = program
    .command('incident')
    .description('incidents: while one is active no change starts or goes on');
  incident
    .command('open <title>')
    .description('open an incident')
    .requiredOption(
      '--severity <level>',
      'S1 to S4; between two, the worse',
      choice('a severity', SEVERITIES),
    )
    .option('--json', 'print the answer as JSON')
    .action(
      action(context, (title: string, { severity, json }: OpenOptions) =>
        askAndTell(
          context,
          { json: json === true },
          {
            method: 'POST',
            path: '/api/v1/incidents',
            body: { title, severity },
            answer: incidentView,
            lines: (opened) => [`${opened.id} is active since ${opened.openedAt}`],
          },
        ),
      ),
    );
  registerResolve(incident, context);
  registerList(incident, context);
}

function registerResolve(incident: Command, context: CliContext): void {
  incident
    .command('resolve <incident>')
    .description('resolve an incident, as an EOC or IMOC on duty')
    .option('--json', 'print the answer as JSON')
    .action(
      action(context, (id: string, options: Showing) =>
        askAndTell(context, options, {
          method: 'POST',
          path: `/api/v1/incidents/${encodeURIComponent(id)}/resolve`,
          answer: incidentView,
          lines: (ended) => [`${ended.id} was resolved by ${ended.resolvedBy}`],
        }),
      ),
    );
}

function registerList(incident: Command, context: CliContext): void {
  incident
    .command('list')
    .description('incidents, the active ones first')
    .option('--json', 'print the answer as JSON')
    .action(
      action(context, (options: Showing) =>
        askAndTell(context, options, {
          method: 'GET',
          path: '/api/v1/incidents',
          answer: incidents,
          lines: (list) =>
            table([['INCIDENT', 'STATE', 'SEV', 'SINCE', 'BY', 'TITLE'], ...list.incidents.map(row)]),
        }),
      ),
    );
}

function row({ id, status, severity, openedAt, openedBy, title }: IncidentView): string[] {
  return [id, status, severity, openedAt, openedBy, title];
}
