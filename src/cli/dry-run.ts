import type { Command } from 'commander';
import { resolve } from 'node:path';
import { action } from './action.ts';
import type { CliContext } from './context.ts';
import { credentials, onBastion, type CredentialOptions } from './credentials.ts';
import { note, print } from './print.ts';

/** `interlock dry-run CHG-12` */
export function register(program: Command, context: CliContext): void {
  program
    .command('dry-run <change>')
    .description(
      'execute the dry run of every script on this bastion, show the rest, and attach what was printed',
    )
    .option('--scripts <folder>', "take the plan's scripts from this folder instead of from the server")
    .action(
      action(context, async (change: string, options: { scripts?: string }) => {
        const { planToRun } = await import('../contract/dry-run.ts');
        const { readApprovedPlan } = await import('../runner/approved-plan.ts');
        const { makeDryRun } = await import('./dry-run-here.ts');
        const { runnerSetting } = await import('./runner-setting.ts');
        const who = onBastion(credentials(program.opts<CredentialOptions>(), context.env));
        const path = `/api/v1/changes/${encodeURIComponent(change)}/dry-runs/plan`;
        const sent = await context.client().ask('GET', path, { answer: planToRun });
        const read = readApprovedPlan(sent);
        if (!read.ok) {
          note(context, read.because);
          return 1;
        }
        const scripts = options.scripts === undefined ? null : resolve(context.cwd, options.scripts);
        const setting = runnerSetting(context, { who, env: context.env, scripts, log: null });
        const made = await makeDryRun(setting, { sent, plan: read.plan, twin: false });
        print(
          context,
          `dry run ${made.id} of ${change}: ${made.ok ? 'ok' : 'failed'}, output ${made.outputDigest}`,
        );
        return made.ok ? 0 : 1;
      }),
    );
}
