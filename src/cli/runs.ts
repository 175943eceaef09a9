import type { Command } from 'commander';
import { action } from './action.ts';
import { askAndTell, type Showing } from './ask-and-tell.ts';
import type { CliContext } from './context.ts';

/** `interlock runs [CHG-12]` */
export function register(program: Command, context: CliContext): void {
  program
    .command('runs [change]')
    .description('what runs now, or every run of a change')
    .option('--json', 'print the answer as JSON')
    .action(
      action(context, async (change: string | undefined, showing: Showing) => {
        const { runInListLines, runLines, runs: ofChange } = await import('./live-run.ts');
        const { runList } = await import('../contract/run-list.ts');
        if (change === undefined)
          return askAndTell(context, showing, {
            method: 'GET',
            path: '/api/v1/runs',
            answer: runList,
            lines: ({ runs }) => orNone(runs.flatMap(runInListLines)),
          });
        return askAndTell(context, showing, {
          method: 'GET',
          path: `/api/v1/changes/${encodeURIComponent(change)}/runs`,
          answer: ofChange,
          lines: ({ runs }) => orNone(runs.flatMap(runLines)),
        });
      }),
    );
}

function orNone(lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? ['no run'] : lines;
}
