import type { Command } from 'commander';
import { calendar, type Calendar } from '../contract/calendar.ts';
import { workday } from '../contract/workday.ts';
import { DAY_MS } from '../kernel/calendar/hours.ts';
import { formatInstant } from '../kernel/calendar/instant.ts';
import { action } from './action.ts';
import { askAndTell, type Showing } from './ask-and-tell.ts';
import type { CliContext } from './context.ts';
import { registerFeeds } from './calendar-feed.ts';
import { table } from './table.ts';

interface ShowOptions extends Showing {
  readonly from?: string;
  readonly to?: string;
  readonly environment?: string;
}

const SHOWN_DAYS = 14;

/** `interlock calendar show|workday|feed` */
export function register(program: Command, context: CliContext): void {
  const command = program.command('calendar').description('the Production calendar');
  command
    .command('show', { isDefault: true })
    .description('slots, locks and shifts of the next two weeks, or of another time')
    .option('--from <instant>', 'where it begins, instead of now')
    .option('--to <instant>', 'where it ends')
    .option('--environment <name>', 'one environment alone')
    .option('--json', 'print the answer as JSON')
    .action(
      action(context, (options: ShowOptions) =>
        askAndTell(context, options.json === undefined ? {} : { json: options.json }, {
          method: 'GET',
          path: `/api/v1/calendar?${queryOf(options)}`,
          answer: calendar,
          lines: calendarLines,
        }),
      ),
    );
  registerWorkday(command, context);
  registerFeeds(command, context);
}

interface WorkdayOptions extends Showing {
  readonly zone: string;
  readonly from: string;
  readonly to: string;
}

function registerWorkday(command: Command, context: CliContext): void {
  command
    .command('workday')
    .description('say when you work: a hint where a slot of yours is chosen')
    .requiredOption('--zone <name>', 'your time zone, such as Europe/Berlin')
    .requiredOption('--from <time>', 'when your day begins, such as 09:00')
    .requiredOption('--to <time>', 'when it ends')
    .option('--json', 'print the answer as JSON')
    .action(
      action(context, ({ zone, from, to, json }: WorkdayOptions) =>
        askAndTell(context, json === undefined ? {} : { json }, {
          method: 'PUT',
          path: '/api/v1/me/workday',
          body: { zone, begins: from, ends: to },
          answer: workday,
          lines: (set) => [`your working day: ${set.begins} to ${set.ends} ${set.zone}`],
        }),
      ),
    );
}

function queryOf({ from, to, environment }: ShowOptions): string {
  const begin = from ?? formatInstant(Date.now());
  const end = to ?? formatInstant(Date.parse(begin) + SHOWN_DAYS * DAY_MS);
  return new URLSearchParams({
    from: begin,
    to: end,
    ...(environment !== undefined && { environment }),
  }).toString();
}

function calendarLines({ slots, locks, shifts, gaps, hours }: Calendar): string[] {
  const rows = [
    ...slots.map((one) => [
      one.start,
      one.end,
      one.accepted ? one.criticality : `${one.criticality} (tentative)`,
      one.environment,
      `${one.change} ${one.title}`,
    ]),
    ...locks.map((one) => [
      one.start,
      one.end,
      `${one.kind} lock`,
      one.environments.join(' '),
      `${one.id}: ${one.reason.replaceAll(/\s+/g, ' ')}`,
    ]),
    ...shifts.map((one) => [one.start, one.end, one.rota, '', one.person]),
    ...gaps.map((one) => [one.start, one.end, one.rota, '', '(nobody)']),
  ].toSorted((a, b) => (a[0] ?? '').localeCompare(b[0] ?? ''));
  const allowed = Object.entries(hours).map(
    ([name, stretches]) =>
      `${name} ${stretches.map(({ start, end }) => (start === end ? 'at any time' : `${start}-${end}`)).join(', ')}`,
  );
  return [
    ...(rows.length === 0 ? ['nothing'] : table([['FROM', 'UNTIL', 'WHAT', 'WHERE', ''], ...rows])),
    `hours (UTC): ${allowed.join('; ')}`,
  ];
}
