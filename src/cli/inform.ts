import type { Command } from 'commander';
import { updatesView, type UpdatesView } from '../contract/updates.ts';
import { action } from './action.ts';
import { askAndTell, type Showing } from './ask-and-tell.ts';
import { addressOf } from './change-address.ts';
import type { CliContext } from './context.ts';
import { table } from './table.ts';

interface InformOptions extends Showing {
  readonly message?: string;
}

/** `interlock inform ID [AUDIENCE]` */
export function register(program: Command, context: CliContext): void {
  program
    .command('inform <change> [audience]')
    .description(
      'tell an audience of a change, or say that it was told; without one: what is due and what is late',
    )
    .option('--message <text>', 'what it is told; without it the plan’s text for the start or the end')
    .option('--json', 'print the answer as JSON')
    .action(
      action(context, (id: string, audience: string | undefined, { message, ...options }: InformOptions) =>
        askAndTell(context, options, {
          method: audience === undefined ? 'GET' : 'POST',
          path: addressOf(id, '/updates'),
          ...(audience !== undefined && { body: { audience, body: message } }),
          answer: updatesView,
          lines: updateLines,
        }),
      ),
    );
}

function updateLines({ audiences }: UpdatesView): string[] {
  if (audiences.length === 0) return ['its plan names no audience'];
  const rows = audiences.map(({ audience, everyMinutes, sent, next }) => [
    audience,
    everyMinutes === null ? 'start and end' : `every ${everyMinutes} min`,
    String(sent.length),
    sent.at(-1)?.at ?? 'never',
    next === null ? 'nothing' : `${next.what}, ${next.late ? 'LATE since' : 'by'} ${next.dueAt}`,
  ]);
  return table([['AUDIENCE', 'WHEN', 'TOLD', 'LAST', 'WAITS FOR'], ...rows]);
}
