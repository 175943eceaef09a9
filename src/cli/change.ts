import type { Command } from 'commander';
import { register as attach } from './change-attach.ts';
import { register as clone } from './change-clone.ts';
import { register as history } from './change-history.ts';
import { register as move } from './change-move.ts';
import { register as edit } from './change-edit.ts';
import { register as list } from './change-list.ts';
import { register as open } from './change-open.ts';
import { register as revisions } from './change-revisions.ts';
import { register as show } from './change-show.ts';
import type { CliContext } from './context.ts';

/** `interlock change open|show|list|edit|clone|history|revisions|diff|attach|attachments|attachment|submit|cancel|reject` */
export function register(program: Command, context: CliContext): void {
  const change = program.command('change').description('requests for changes');
  for (const subcommand of [open, show, list, edit, clone, history, revisions, attach, move])
    subcommand(change, context);
}
