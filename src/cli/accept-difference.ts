import type { Command } from 'commander';
import type { DryRunView } from '../contract/dry-run.ts';
import { AppError } from '../contract/errors.ts';
import { action } from './action.ts';
import type { CliContext } from './context.ts';
import { note, print } from './print.ts';
import { sideBySide } from './side-by-side.ts';

/** `interlock difference CHG-12`, `interlock accept-difference CHG-12` */
export function register(program: Command, context: CliContext): void {
  program
    .command('difference <change>')
    .description('show where the repeated dry run differs from the reviewed one, side by side')
    .action(
      action(context, async (change: string) => {
        const { twin, path } = await newestTwin(context, change);
        await showDifference(context, path, twin);
        const said = twin.acceptances.map(({ by, as }) => `accepted by ${by} as ${as}`);
        said.forEach((line) => note(context, line));
        return 0;
      }),
    );
  program
    .command('accept-difference <change>')
    .description('take the difference upon yourself, as the EOC or as a reviewer: both are wanted')
    .requiredOption('--because <text>', 'why')
    .action(
      action(context, async (change: string, { because }: { because: string }) => {
        const { dryRunView } = await import('../contract/dry-run.ts');
        const { twin, path } = await newestTwin(context, change);
        if (twin.same === false) await showDifference(context, path, twin);
        const accepted = await context
          .client()
          .ask('POST', `${path}/${twin.id}/acceptance`, { body: { because }, answer: dryRunView });
        print(context, `dry run ${accepted.id}: ${acceptanceText(accepted)}`);
        return 0;
      }),
    );
}

async function newestTwin(
  context: CliContext,
  change: string,
): Promise<{ readonly twin: DryRunView; readonly path: string }> {
  const { dryRuns: answer } = await import('../contract/dry-run.ts');
  const path = `/api/v1/changes/${encodeURIComponent(change)}/dry-runs`;
  const { dryRuns } = await context.client().ask('GET', path, { answer });
  const twin = dryRuns.find((one) => one.twin);
  if (twin === undefined)
    throw new AppError('not_found', `expected a repeated dry run of \`${change}\`, got none`);
  return { twin, path };
}

async function showDifference(context: CliContext, path: string, twin: DryRunView): Promise<void> {
  if (twin.same !== false) {
    print(context, `dry run ${twin.id} does not differ from what was reviewed`);
    return;
  }
  const { dryRunDifference } = await import('../contract/dry-run.ts');
  const answer = await context
    .client()
    .ask('GET', `${path}/${twin.id}/difference`, { answer: dryRunDifference });
  print(context, [...sideBySide(answer, process.stdout.columns ?? 120)]);
}

function acceptanceText({ acceptances }: DryRunView): string {
  const by = acceptances.map((one) => `${one.by} (${one.as})`).join(' and ');
  const missing = (['eoc', 'reviewer'] as const).filter((as) => acceptances.every((one) => one.as !== as));
  const wanted = missing.map((as) => (as === 'eoc' ? 'the EOC' : 'a reviewer'));
  return `its difference is accepted by ${by}${wanted.length > 0 ? `; ${wanted.join(' and ')} is still wanted` : ''}`;
}
