import type { Command } from 'commander';
import { runAlerts } from '../contract/run-alerts.ts';
import { action } from './action.ts';
import { askAndTell, type Showing } from './ask-and-tell.ts';
import type { CliContext } from './context.ts';
import { table } from './table.ts';

/** `interlock alerts RUN` */
export function register(program: Command, context: CliContext): void {
  program
    .command('alerts <run>')
    .description(
      'the alerts that fire now and have to do with a run; exit status 1 if one began since it did',
    )
    .option('--json', 'print the answer as JSON')
    .action(
      action(context, (run: string, options: Showing) =>
        askAndTell(context, options, {
          method: 'GET',
          path: `/api/v1/runs/${encodeURIComponent(run)}/alerts`,
          answer: runAlerts,
          lines: ({ because, alerts }) =>
            because !== null
              ? [`the alerts could not be had: ${because}`]
              : alerts.length === 0
                ? ['none']
                : table([
                    ['ALERT', 'ON', 'SINCE', 'JUDGED', 'SUMMARY'],
                    ...alerts.map(({ name, target, startsAt, judged, summary }) => [
                      name,
                      target ?? 'the environment',
                      startsAt,
                      judged === 'since' ? 'BEGAN SINCE' : 'fired before',
                      summary ?? '–',
                    ]),
                  ]),
          status: ({ because, alerts }) =>
            because !== null || alerts.some(({ judged }) => judged === 'since') ? 1 : 0,
        }),
      ),
    );
}
