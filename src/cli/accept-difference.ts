import type { Command } from 'commander';
import { AppError } from '../contract/errors.ts';
import { action } from './action.ts';
import type { CliContext } from './context.ts';
import { print } from './print.ts';

/** `interlock accept-difference CHG-12` */
export function register(program: Command, context: CliContext): void {
  program
    .command('accept-difference <change>')
    .description('take upon yourself that the repeated dry run differs from the reviewed one')
    .requiredOption('--because <text>', 'why')
    .action(
      action(context, async (change: string, { because }: { because: string }) => {
        const path = `/api/v1/changes/${encodeURIComponent(change)}/dry-runs`;
        const { dryRuns: answer, dryRunView } = await import('../contract/dry-run.ts');
        const { dryRuns } = await context.client().ask('GET', path, { answer });
        const twin = dryRuns.find((one) => one.twin);
        if (twin === undefined)
          throw new AppError('not_found', `expected a repeated dry run of \`${change}\`, got none`);
        const body = { because };
        const accepted = await context
          .client()
          .ask('POST', `${path}/${twin.id}/acceptance`, { body, answer: dryRunView });
        print(context, `dry run ${accepted.id}: its difference is accepted by ${accepted.acceptedBy ?? ''}`);
        return 0;
      }),
    );
}
