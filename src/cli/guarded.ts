import type { Command } from 'commander';
import { guardedCommand, guardedCommands, type GuardedCommand } from '../contract/guarded-commands.ts';
import { action } from './action.ts';
import { askAndTell, type Showing } from './ask-and-tell.ts';
import type { CliContext } from './context.ts';
import { note } from './print.ts';
import { table } from './table.ts';

interface ListOptions extends Showing {
  readonly incident?: string;
  readonly all?: boolean;
}

/** `interlock guarded list|review|upload` */
export function register(program: Command, context: CliContext): void {
  const guarded = program.command('guarded').description('what was done by hand while an incident burned');
  guarded
    .command('list', { isDefault: true })
    .description('list what waits for a review')
    .option('--all', 'what was reviewed too')
    .option('--incident <id>', 'of one incident')
    .option('--json', 'print the answer as JSON')
    .action(
      action(context, ({ all, incident, json }: ListOptions) => {
        const query = new URLSearchParams({ open: String(all !== true), ...(incident && { incident }) });
        const path = `/api/v1/guarded-commands?${query.toString()}`;
        return askAndTell(
          context,
          { json: json === true },
          { method: 'GET', path, answer: guardedCommands, lines: listed },
        );
      }),
    );
  guarded
    .command('review <id>')
    .description('review a command, as somebody who neither did it nor looked on')
    .requiredOption('--text <text>', 'what came of the review')
    .option('--json', 'print the answer as JSON')
    .action(
      action(context, (id: string, { text, json }: Showing & { readonly text: string }) =>
        askAndTell(
          context,
          { json: json === true },
          {
            method: 'POST',
            path: `/api/v1/guarded-commands/${encodeURIComponent(id)}/review`,
            body: { text },
            answer: guardedCommand,
            lines: (done) => [`${done.id} was reviewed by ${done.reviewedBy}`],
          },
        ),
      ),
    );
  registerUpload(guarded, context);
}

function registerUpload(guarded: Command, context: CliContext): void {
  guarded
    .command('upload')
    .description('send what this host wrote down while the server could not be reached')
    .action(
      action(context, async () => {
        const { openNotebook } = await import('../runner/guard/notebook.ts');
        const { stateFolder } = await import('../runner/state-folder.ts');
        const { sendNotebook } = await import('./send-guarded.ts');
        const left = await sendNotebook(context, openNotebook(stateFolder(context.env)));
        note(context, left === 0 ? 'the server has everything' : `${left} could not be sent; they stay here`);
        return left === 0 ? 0 : 1;
      }),
    );
}

function listed({ commands }: { readonly commands: readonly GuardedCommand[] }): readonly string[] {
  return commands.length === 0 ? ['nothing waits for a review'] : table([HEAD, ...commands.map(row)]);
}

const HEAD = ['ID', 'PERSON', 'BASTION', 'INCIDENT', 'TARGETS', 'STARTED', 'ENDED', 'COMMAND'];

function row(one: GuardedCommand): string[] {
  const targets = one.targets.map(({ name }) => name).join(' ');
  const command = one.argv.join(' ');
  const shown = command.length > 60 ? `${command.slice(0, 59)}…` : command;
  return [one.id, one.person, one.bastion, one.incident ?? '-', targets, one.startedAt, endOf(one), shown];
}

function endOf({ ended }: GuardedCommand): string {
  if (ended === null) return 'unknown';
  if (ended.notStarted !== null) return 'not begun';
  return ended.signal ?? String(ended.exitCode);
}
