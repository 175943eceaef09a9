import type { Command } from 'commander';
import * as contract from '../contract/claims.ts';
import { action } from './action.ts';
import { askAndTell, type Showing } from './ask-and-tell.ts';
import { choice } from './choice.ts';
import type { CliContext } from './context.ts';
import { table } from './table.ts';

interface SettleOptions extends Showing {
  readonly outcome: string;
}

/** `interlock claims list|settle` */
export function register(program: Command, context: CliContext): void {
  const claims = program.command('claims').description('work of pipelines that runs now, or was lost');
  claims
    .command('list', { isDefault: true })
    .description('the claims that run or are unknown')
    .option('--json', 'print the answer as JSON')
    .action(
      action(context, (options: Showing) =>
        askAndTell(context, options, {
          method: 'GET',
          path: '/api/v1/claims',
          answer: contract.claimList,
          lines: claimLines,
        }),
      ),
    );
  claims
    .command('settle <claim>')
    .description('state how a lost claim ended, as EOC or IMOC; frees its place')
    .requiredOption('--outcome <how>', 'succeeded or failed', choice('an outcome', ['succeeded', 'failed']))
    .option('--json', 'print the answer as JSON')
    .action(
      action(context, (id: string, { outcome, json }: SettleOptions) =>
        askAndTell(
          context,
          { json: json === true },
          {
            method: 'POST',
            path: `/api/v1/claims/${encodeURIComponent(id)}/settle`,
            body: { outcome },
            answer: contract.claimView,
            lines: (settled) => [`${settled.id}: ${settled.state}, as ${settled.settledBy} states`],
          },
        ),
      ),
    );
}

function claimLines({ claims }: { readonly claims: readonly contract.ClaimView[] }): string[] {
  if (claims.length === 0) return ['no claim runs'];
  const rows = claims.map(({ id, state, severity, environment, person, startedAt }) => [
    id,
    state,
    severity,
    environment,
    person,
    startedAt,
  ]);
  return table([['CLAIM', 'STATE', 'SEVERITY', 'ENVIRONMENT', 'WHO', 'SINCE'], ...rows]);
}
