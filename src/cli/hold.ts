import type { Command } from 'commander';
import { action } from './action.ts';
import type { CliContext } from './context.ts';

/** `interlock hold CHG-12` */
export function register(program: Command, context: CliContext): void {
  program
    .command('hold <run>')
    .description('hold the live run of a change at the next safe place to stop')
    .option('--now', 'at once: an interruptible step is stopped')
    .option('--because <text>', 'why', 'held by a person')
    .action(
      action(context, async (run: string, options: { now?: boolean; because: string }) => {
        const { say } = await import('./live-run.ts');
        await say(context, run, 'hold', { because: options.because, now: options.now === true });
        return 0;
      }),
    );
}
