import type { Command } from 'commander';
import { action } from './action.ts';
import type { CliContext } from './context.ts';

/** `interlock resume CHG-12` */
export function register(program: Command, context: CliContext): void {
  program
    .command('resume <run>')
    .description('let a held run go on; the verdict is asked again before anything is executed')
    .option('--because <text>', 'why', 'said by a person')
    .action(
      action(context, async (run: string, { because }: { because: string }) => {
        const { say } = await import('./live-run.ts');
        await say(context, run, 'go-on', { because });
        return 0;
      }),
    );
}
