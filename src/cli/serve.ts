import type { Command } from 'commander';
import type { CliContext } from './context.ts';
import { action } from './action.ts';
import type { ServeOptions } from './programs.ts';

/** `interlock serve` */
export function register(program: Command, context: CliContext): void {
  program
    .command('serve')
    .description('serve the API and the web, with an embedded PostgreSQL unless DATABASE_URL names one')
    .option('--host <address>', 'address to listen on (INTERLOCK_HOST, 127.0.0.1)')
    .option('--port <number>', 'port to listen on (INTERLOCK_PORT, 8420)')
    .option('--data <folder>', 'data folder (INTERLOCK_DATA, .interlock)')
    .option('--policy <file>', 'policy to enforce (INTERLOCK_POLICY, the one that ships)')
    .option(
      '--admin-token-file <file>',
      'write the first administrator’s token there, readable by you alone (INTERLOCK_ADMIN_TOKEN_FILE)',
    )
    .action(action(context, (options: ServeOptions) => context.programs.serve(options)));
}
