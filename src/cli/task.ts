import type { Command } from 'commander';
import { taskPage, taskView, type TaskView } from '../contract/notices.ts';
import { action } from './action.ts';
import { askAndTell, type Showing } from './ask-and-tell.ts';
import type { CliContext } from './context.ts';
import { table } from './table.ts';

interface ListOptions extends Showing {
  readonly owner?: string;
  readonly change?: string;
  readonly done?: boolean;
}

interface DoneOptions extends Showing {
  readonly note?: string;
}

/** `interlock task list|done` */
export function register(program: Command, context: CliContext): void {
  const task = program.command('task').description('what there is to catch up on');
  task
    .command('list', { isDefault: true })
    .description('open tasks, the newest first')
    .option('--owner <name>', 'only those of one person')
    .option('--change <id>', 'only those of one change')
    .option('--done', 'those that are done, too')
    .option('--json', 'print the answer as JSON')
    .action(
      action(context, ({ owner, change, done = false, json }: ListOptions) =>
        askAndTell(
          context,
          { json: json === true },
          {
            method: 'GET',
            path: `/api/v1/tasks?${queryOf({ owner, change, open: String(!done) })}`,
            answer: taskPage,
            lines: ({ tasks }) => table([['TASK', 'OWNER', 'DUE', 'STATE', 'WHAT'], ...tasks.map(row)]),
          },
        ),
      ),
    );
  task
    .command('done <id>')
    .description('say that a task of yours is done')
    .option('--note <text>', 'how it ended')
    .option('--json', 'print the answer as JSON')
    .action(
      action(context, (id: string, { note, json }: DoneOptions) =>
        askAndTell(
          context,
          { json: json === true },
          {
            method: 'POST',
            path: `/api/v1/tasks/${encodeURIComponent(id)}/done`,
            body: note === undefined ? {} : { note },
            answer: taskView,
            lines: (ended) => [`${ended.id} done by ${ended.doneBy}`],
          },
        ),
      ),
    );
}

function queryOf(parameters: Readonly<Record<string, string | undefined>>): string {
  const named = Object.entries(parameters).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value]],
  );
  return new URLSearchParams(named).toString();
}

function row({ id, owner, dueAt, overdue, doneBy, title }: TaskView): string[] {
  const state = doneBy === null ? (overdue ? 'overdue' : 'open') : `done by ${doneBy}`;
  return [id, owner, dueAt, state, title.replaceAll(/\s+/g, ' ')];
}
