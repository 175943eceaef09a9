import type { Command } from 'commander';
import { vetoes, vetoView, type VetoView } from '../contract/channel.ts';
import { action } from './action.ts';
import { askAndTell, type Showing } from './ask-and-tell.ts';
import type { CliContext } from './context.ts';
import { table } from './table.ts';

interface VetoOptions extends Showing {
  readonly reason: string;
  readonly stopsRollback?: boolean;
}

/** `interlock veto ID`, `interlock veto lift|list` */
export function register(program: Command, context: CliContext): void {
  const veto = program.command('veto').description('the engineer on call says no');
  veto
    .command('lay <change>', { isDefault: true })
    .description(
      'veto a change, the claim of a pipeline, or `*` for all of them; on a bastion whose key is there a change also without token, by the login',
    )
    .requiredOption('--reason <text>', 'why')
    .option('--stops-rollback', 'it stops a rollback too')
    .option('--json', 'print the answer as JSON')
    .action(
      action(context, (change: string, { reason, stopsRollback = false, json }: VetoOptions) =>
        askAndTell(
          context,
          { json: json === true },
          {
            method: 'POST',
            path: '/api/v1/vetoes',
            body: { change, reason, stopsRollback },
            byLogin: { path: '/api/v1/stops/veto', body: { change, reason, stopsRollback } },
            answer: vetoView,
            lines: (laid) => [`veto ${laid.id} stands on ${laid.change} since ${laid.at}`],
          },
        ),
      ),
    );
  registerLift(veto, context);
  registerList(veto, context);
}

function registerLift(veto: Command, context: CliContext): void {
  veto
    .command('lift <number>')
    .description('lift a veto, as an EOC or IMOC on duty whose own change it does not stop')
    .option('--json', 'print the answer as JSON')
    .action(
      action(context, (number: string, options: Showing) =>
        askAndTell(context, options, {
          method: 'POST',
          path: `/api/v1/vetoes/${encodeURIComponent(number)}/lift`,
          answer: vetoView,
          lines: (lifted) => [`veto ${lifted.id} on ${lifted.change} lifted by ${lifted.liftedBy}`],
        }),
      ),
    );
}

function registerList(veto: Command, context: CliContext): void {
  veto
    .command('list')
    .description('the vetoes that stand')
    .option('--json', 'print the answer as JSON')
    .action(
      action(context, (options: Showing) =>
        askAndTell(context, options, {
          method: 'GET',
          path: '/api/v1/vetoes',
          answer: vetoes,
          lines: (list) =>
            table([['VETO', 'ON', 'BY', 'SINCE', 'ROLLBACK', 'REASON'], ...list.vetoes.map(row)]),
        }),
      ),
    );
}

function row({ id, change, by, at, stopsRollback, reason }: VetoView): string[] {
  return [id, change, by, at, stopsRollback ? 'stopped too' : 'may go on', reason.replaceAll(/\s+/g, ' ')];
}
