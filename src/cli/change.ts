import type { Command } from 'commander';
import { register as close } from './change-close.ts';
import { register as edit } from './change-edit.ts';
import { register as list } from './change-list.ts';
import { register as open } from './change-open.ts';
import { register as show } from './change-show.ts';
import type { CliContext } from './context.ts';

/** `interlock change open|show|list|edit|cancel|reject` */
export function register(program: Command, context: CliContext): void {
  const change = program.command('change').description('requests for changes');
  for (const subcommand of [open, show, list, edit, close]) subcommand(change, context);
}
