import type { Command } from 'commander';
import { action } from './action.ts';
import type { CliContext } from './context.ts';

/** `interlock demo` */
export function register(program: Command, context: CliContext): void {
  program
    .command('demo')
    .description('start a small real production and tell the story of one change on it')
    .option('--once', 'end when the story has ended, and leave nothing running')
    .action(action(context, ({ once }: { readonly once?: true }) => context.programs.demo(once === true)));
}
