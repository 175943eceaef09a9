import type { Command } from 'commander';
import { incidents, incidentView, type IncidentView } from '../contract/channel.ts';
import { incidentRecord, type IncidentRecord } from '../contract/incidents.ts';
import { SEVERITIES } from '../kernel/policy/facts.ts';
import { action } from './action.ts';
import { askAndTell, type Showing } from './ask-and-tell.ts';
import { choice } from './choice.ts';
import type { CliContext } from './context.ts';
import { table } from './table.ts';

interface OpenOptions extends Showing {
  readonly severity: string;
}

/** `interlock incident open|show|severity|note|resolve|cause|list` */
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
  registerShow(incident, context);
  registerSeverity(incident, context);
  registerNote(incident, context);
  registerResolve(incident, context);
  registerCause(incident, context);
  registerList(incident, context);
}

interface Because extends Showing {
  readonly reason: string;
}

function pathOf(id: string, rest = ''): string {
  return `/api/v1/incidents/${encodeURIComponent(id)}${rest}`;
}

function registerShow(incident: Command, context: CliContext): void {
  incident
    .command('show <incident>')
    .description('an incident, what was said and seen of it, and what resolves it')
    .option('--json', 'print the answer as JSON')
    .action(
      action(context, (id: string, options: Showing) =>
        askAndTell(context, options, {
          method: 'GET',
          path: pathOf(id),
          answer: incidentRecord,
          lines: recordLines,
        }),
      ),
    );
}

function registerSeverity(incident: Command, context: CliContext): void {
  incident
    .command('severity <incident> <level>')
    .description('raise its severity; or lower it, as an EOC or IMOC on duty')
    .requiredOption('--reason <text>', 'why')
    .option('--json', 'print the answer as JSON')
    .action(
      action(context, (id: string, severity: string, { reason, json }: Because) =>
        askAndTell(
          context,
          { json: json === true },
          {
            method: 'POST',
            path: pathOf(id, '/severity'),
            body: { severity, reason },
            answer: incidentRecord,
            lines: (now) => [`${now.id} is of severity ${now.severity}`],
          },
        ),
      ),
    );
}

function registerNote(incident: Command, context: CliContext): void {
  incident
    .command('note <incident> <text>')
    .description('write into its record')
    .option('--json', 'print the answer as JSON')
    .action(
      action(context, (id: string, text: string, options: Showing) =>
        askAndTell(context, options, {
          method: 'POST',
          path: pathOf(id, '/notes'),
          body: { text },
          answer: incidentRecord,
          lines: (now) => [`noted in ${now.id}`],
        }),
      ),
    );
}

function registerCause(incident: Command, context: CliContext): void {
  incident
    .command('cause <incident> <change>')
    .description('lay it at the door of a change that ran, as EOC, IMOC or a reviewer; it stays')
    .requiredOption('--reason <text>', 'why')
    .option('--json', 'print the answer as JSON')
    .action(
      action(context, (id: string, change: string, { reason, json }: Because) =>
        askAndTell(
          context,
          { json: json === true },
          {
            method: 'POST',
            path: pathOf(id, '/cause'),
            body: { change, reason },
            answer: incidentRecord,
            lines: (now) => [`${now.id} was laid at the door of ${change}`],
          },
        ),
      ),
    );
}

function recordLines(record: IncidentRecord): string[] {
  const quiet = record.quietSince === null ? '' : `, quiet since ${record.quietSince}`;
  return [
    `${record.id} ${record.status}, ${record.severity}, from ${record.source}${quiet}: ${record.title}`,
    ...record.changes.map(({ id, state, title }) => `resolved by ${id} (${state}): ${title}`),
    ...record.causes.map(({ change, by, reason }) => `caused by ${change}, says ${by}: ${reason}`),
    ...table(record.events.map(({ at, kind, by, text }) => [at, kind, by, text])),
  ];
}

function registerResolve(incident: Command, context: CliContext): void {
  incident
    .command('resolve <incident>')
    .description('resolve an incident, as an EOC or IMOC on duty')
    .requiredOption('--reason <text>', 'how it ended')
    .option('--json', 'print the answer as JSON')
    .action(
      action(context, (id: string, { reason, json }: Because) =>
        askAndTell(
          context,
          { json: json === true },
          {
            method: 'POST',
            path: pathOf(id, '/resolve'),
            body: { reason },
            answer: incidentView,
            lines: (ended) => [`${ended.id} was resolved by ${ended.resolvedBy}`],
          },
        ),
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
