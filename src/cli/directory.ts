import type { Command } from 'commander';
import { directoryView, type DirectoryView } from '../contract/directory.ts';
import { action } from './action.ts';
import { askAndTell, type Showing } from './ask-and-tell.ts';
import type { CliContext } from './context.ts';
import { readSource } from './input.ts';

/** `interlock directory apply|show` */
export function register(program: Command, context: CliContext): void {
  const directory = program
    .command('directory')
    .description('who people are, and the roles that are given by it');
  directory
    .command('apply <file>')
    .description('apply a directory file, whole or not at all')
    .option('--json', 'print the answer as JSON')
    .action(
      action(context, async (file: string, options: Showing) => {
        const source = await readSource(context, file);
        return askAndTell(context, options, {
          method: 'PUT',
          path: '/api/v1/directory',
          body: source,
          answer: directoryView,
          lines,
        });
      }),
    );
  directory
    .command('show')
    .description('which directory is in force')
    .option('--json', 'print the answer as JSON')
    .action(
      action(context, (options: Showing) =>
        askAndTell(context, options, {
          method: 'GET',
          path: '/api/v1/directory',
          answer: directoryView,
          lines,
        }),
      ),
    );
}

function lines({ digest, appliedAt, appliedBy, changes }: DirectoryView): readonly string[] {
  if (digest === null) return ['no directory was applied'];
  return [...changes, `directory ${digest}, applied by ${appliedBy} at ${appliedAt}`];
}
