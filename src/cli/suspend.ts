import type { Command } from 'commander';
import { action } from './action.ts';
import type { CliContext } from './context.ts';

/** `interlock suspend CHG-12` */
export function register(program: Command, context: CliContext): void {
  program
    .command('suspend <run>')
    .description(
      'suspend a held run, so that the change that repairs its damage can start; EOC and IMOC both say so',
    )
    .requiredOption('--because <text>', 'why')
    .action(
      action(context, async (run: string, { because }: { because: string }) => {
        const { say } = await import('./live-run.ts');
        await say(context, run, 'suspend', { because });
        return 0;
      }),
    );
}
