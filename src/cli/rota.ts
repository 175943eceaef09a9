import type { Command } from 'commander';
import { rota, rotaFile, type Rota } from '../contract/rota.ts';
import { formatProblem } from '../documents/problem.ts';
import { readDocument } from '../documents/read.ts';
import { wholeNumber } from './choice.ts';
import type { CliContext } from './context.ts';
import { action } from './action.ts';
import { note, print } from './print.ts';
import { readSource } from './input.ts';
import { registerRotaCovers } from './rota-covers.ts';
import { registerRotaSources } from './rota-source.ts';
import { table } from './table.ts';

interface ShowOptions {
  readonly days?: number;
  readonly json?: boolean;
}

/** `interlock rota show|set|at|override|hand-over|source` */
export function register(program: Command, context: CliContext): void {
  const command = program.command('rota').description('who is on call');
  command
    .command('show', { isDefault: true })
    .description('who is on call from now on, and where nobody is')
    .option('--days <number>', 'how far ahead (14)', wholeNumber('days', 1, 366))
    .option('--json', 'print the answer as JSON')
    .action(
      action(context, async ({ days = 14, json }: ShowOptions) => {
        let tag: string | null = null;
        const answer = await context.client().ask('GET', `/api/v1/rota?days=${days}`, {
          answer: rota,
          onHeaders: (headers) => {
            tag = headers.get('etag');
          },
        });
        if (json === true) print(context, JSON.stringify(answer));
        else {
          show(context, answer);
          if (tag !== null)
            print(context, `to set what was read here: rota set FILE --if-match '${String(tag)}'`);
        }
        return 0;
      }),
    );
  command
    .command('set <file>')
    .description(
      'set who is on call from now on, from a file: for each of eoc, imoc, cmoc a list of person, start, end',
    )
    .option('--if-match <tag>', 'only where nobody has written a rota since `rota show` said this tag')
    .action(
      action(context, async (file: string, { ifMatch }: { ifMatch?: string }) => {
        const read = readDocument(rotaFile, await readSource(context, file));
        if (!read.ok) {
          read.problems.forEach((problem) => note(context, formatProblem(problem)));
          return 3;
        }
        // As it was written: the server reads instants itself.
        const answer = await context.client().ask('PUT', '/api/v1/rota', {
          body: read.written,
          answer: rota,
          ...(ifMatch !== undefined && { headers: { 'if-match': ifMatch } }),
        });
        show(context, answer);
        return 0;
      }),
    );
  registerRotaCovers(command, context);
  registerRotaSources(command, context);
}

function show(context: CliContext, answer: Rota): void {
  const duty = (['eoc', 'imoc', 'cmoc'] as const).map((name) => `${name} ${answer.onDuty[name] ?? 'nobody'}`);
  print(context, `on duty at ${answer.at}: ${duty.join(', ')}`);
  const shifts = answer.shifts.map((one) => [one.rota, one.person, one.start, one.end]);
  const gaps = answer.gaps.map((one) => [one.rota, '(nobody)', one.start, one.end]);
  const rows = [...shifts, ...gaps].toSorted((a, b) => sortKey(a).localeCompare(sortKey(b)));
  if (rows.length > 0) print(context, table([['ROTA', 'PERSON', 'FROM', 'UNTIL'], ...rows]));
}

function sortKey([name = '', , start = '']: readonly string[]): string {
  return `${name} ${start}`;
}
