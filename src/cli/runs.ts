import type { Command } from 'commander';
import { action } from './action.ts';
import type { CliContext } from './context.ts';
import { print } from './print.ts';

/** `interlock runs [CHG-12]` */
export function register(program: Command, context: CliContext): void {
  program
    .command('runs [change]')
    .description('what runs now, or every run of a change')
    .action(
      action(context, async (change: string | undefined) => {
        const { runLines, runs: answer } = await import('./live-run.ts');
        const path =
          change === undefined ? '/api/v1/runs' : `/api/v1/changes/${encodeURIComponent(change)}/runs`;
        const { runs } = await context.client().ask('GET', path, { answer });
        print(context, runs.length === 0 ? 'no run' : runs.flatMap(runLines));
        return 0;
      }),
    );
}
