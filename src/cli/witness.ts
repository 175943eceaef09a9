import type { Command } from 'commander';
import { resolve } from 'node:path';
import { action } from './action.ts';
import type { CliContext } from './context.ts';
import type { WitnessOptions } from './programs.ts';

/** `interlock witness` */
export function register(program: Command, context: CliContext): void {
  program
    .command('witness')
    .description(
      'cosign what logs sign, with a key and a memory of its own (c2sp.org/tlog-witness): run it where who runs the log cannot write',
    )
    .requiredOption('--data <folder>', 'folder of its key and its memory')
    .requiredOption('--log <file...>', 'keys of the logs that it watches (log.vkey of an export)')
    .option('--name <name>', 'what it is called, a URL without scheme; wanted at the first start')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <number>', 'port to listen on', '8421')
    .action(
      action(context, (options: WitnessOptions) =>
        context.programs.witness({
          ...options,
          data: resolve(context.cwd, options.data),
          log: options.log.map((file) => resolve(context.cwd, file)),
        }),
      ),
    );
}
