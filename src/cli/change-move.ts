import type { Command } from 'commander';
import { changeSummary } from '../contract/changes.ts';
import { action } from './action.ts';
import { askAndTell, type Showing } from './ask-and-tell.ts';
import { addressOf } from './change-address.ts';
import type { CliContext } from './context.ts';

const ENDINGS = {
  cancel: 'give a request up before it begins',
  reject: 'reject a request, as the engineer on call, management or the Director of Reliability',
} as const;

interface MoveOptions extends Showing {
  readonly reason?: string;
}

/** `interlock change submit|cancel|reject ID` */
export function register(change: Command, context: CliContext): void {
  const move = (act: string) =>
    action(context, (id: string, { reason, ...options }: MoveOptions) =>
      askAndTell(context, options, {
        method: 'POST',
        path: addressOf(id, `/${act}`),
        ...(reason !== undefined && { body: { reason } }),
        answer: changeSummary,
        lines: ({ id: moved, state }) => [`${moved} is ${state}`],
      }),
    );
  change
    .command('submit <change>')
    .description('submit a draft, once no error is left in its plan')
    .option('--json', 'print the answer as JSON')
    .action(move('submit'));
  for (const [act, description] of Object.entries(ENDINGS)) {
    change
      .command(`${act} <change>`)
      .description(description)
      .requiredOption('--reason <text>', 'why; its author reads it')
      .option('--json', 'print the answer as JSON')
      .action(move(act));
  }
}
