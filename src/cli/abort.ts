import type { Command } from 'commander';
import { action } from './action.ts';
import type { CliContext } from './context.ts';

/** `interlock abort CHG-12` */
export function register(program: Command, context: CliContext): void {
  program
    .command('abort <run>')
    .description('give a held run up as it stands; nothing is undone')
    .requiredOption('--because <text>', 'why')
    .action(
      action(context, async (run: string, { because }: { because: string }) => {
        const { say } = await import('./live-run.ts');
        await say(context, run, 'abort', { because });
        return 0;
      }),
    );
}
