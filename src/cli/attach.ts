import type { Command } from 'commander';
import { AppError } from '../contract/errors.ts';
import { attachSession, sessionExists, sessionName, tmuxSocket } from '../runner/tmux.ts';
import { action } from './action.ts';
import type { CliContext } from './context.ts';

/** `interlock attach CHG-12` */
export function register(program: Command, context: CliContext): void {
  program
    .command('attach <change>')
    .description('show the session of a run on this bastion again')
    .action(
      action(context, async (change: string) => {
        const session = { socket: tmuxSocket(context.env), name: sessionName(change) };
        if (!(await sessionExists(session))) {
          throw new AppError('not_found', `expected a session of \`${change}\` on this host, got none`);
        }
        await attachSession(session);
        return 0;
      }),
    );
}
