import type { Command } from 'commander';
import { action } from './action.ts';
import type { CliContext } from './context.ts';
import { credentials, onBastion, type CredentialOptions } from './credentials.ts';
import { delayedLines } from './delayed-lines.ts';
import { note, print } from './print.ts';

/** `interlock watch CHG-12` */
export function register(program: Command, context: CliContext): void {
  program
    .command('watch <change>')
    .description(
      'measure the delayed checks of a complete change on this bastion, each when its time has come',
    )
    .option('--once', 'measure what is due now, and go')
    .action(
      action(context, async (change: string, { once = false }: { once?: boolean }) => {
        const { planToRun } = await import('../contract/dry-run.ts');
        const { readApprovedPlan } = await import('../runner/approved-plan.ts');
        const { watchChange } = await import('../runner/watch.ts');
        const { runnerSetting } = await import('./runner-setting.ts');
        const who = onBastion(credentials(program.opts<CredentialOptions>(), context.env));
        const path = `/api/v1/changes/${encodeURIComponent(change)}/dry-runs/plan`;
        const read = readApprovedPlan(await context.client().ask('GET', path, { answer: planToRun }));
        if (!read.ok) {
          note(context, read.because);
          return 1;
        }
        const setting = runnerSetting(context, { who, env: context.env, scripts: null, log: null });
        const checks = await watchChange(setting, { change, plan: read.plan, once });
        const lines = delayedLines(checks);
        print(context, lines.length === 0 ? [`${change} has no delayed checks`] : lines);
        return checks.some(({ verdict, due }) => verdict === 'fail' || due) ? 1 : 0;
      }),
    );
}
