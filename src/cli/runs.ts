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
        const { runInListLines, runLines, runs: ofChange } = await import('./live-run.ts');
        const { runList } = await import('../contract/run-list.ts');
        const client = context.client();
        const lines =
          change === undefined
            ? (await client.ask('GET', '/api/v1/runs', { answer: runList })).runs.flatMap(runInListLines)
            : (
                await client.ask('GET', `/api/v1/changes/${encodeURIComponent(change)}/runs`, {
                  answer: ofChange,
                })
              ).runs.flatMap(runLines);
        print(context, lines.length === 0 ? 'no run' : lines);
        return 0;
      }),
    );
}
