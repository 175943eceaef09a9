import type { Command } from 'commander';
import { action } from './action.ts';
import type { CliContext } from './context.ts';

/** `interlock approve-step CHG-12 --because …` */
export function register(program: Command, context: CliContext): void {
  program
    .command('approve-step <run>')
    .description('say the word that a run waits for at a step; whoever executes it or wrote its plan may not')
    .requiredOption('--because <text>', 'what was looked at')
    .action(
      action(context, async (run: string, { because }: { because: string }) => {
        const { say } = await import('./live-run.ts');
        await say(context, run, 'approve-step', { because });
        return 0;
      }),
    );
}
