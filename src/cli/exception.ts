import type { Command } from 'commander';
import { changeView, exceptionView, type ChangeView } from '../contract/changes.ts';
import { AppError } from '../contract/errors.ts';
import { action } from './action.ts';
import { askAndTell, telling, type Showing } from './ask-and-tell.ts';
import { addressOf } from './change-address.ts';
import type { CliContext } from './context.ts';
import { plainLine } from './plain-line.ts';
import { note } from './print.ts';

interface AskOptions extends Showing {
  readonly reason: string;
}

/** `interlock exception ask|approve` */
export function register(program: Command, context: CliContext): void {
  const exception = program
    .command('exception')
    .description('rules that a change cannot keep, each with a reason that a reviewer approves');
  exception
    .command('ask <change> <rule>')
    .description('ask for an exception, for the plan (and slot) as they are now')
    .requiredOption('--reason <text>', 'why the rule cannot be kept')
    .option('--json', 'print the answer as JSON')
    .action(
      action(context, (id: string, rule: string, { reason, json }: AskOptions) =>
        askAndTell(
          context,
          { json: json === true },
          {
            method: 'POST',
            path: addressOf(id, '/exceptions'),
            body: { rule, reason },
            answer: exceptionView,
            lines: (asked) => [`${id}: exception ${asked.id} to ${asked.rule} waits for a reviewer`],
          },
        ),
      ),
    );
  exception
    .command('approve <change> <rule>')
    .description('approve an exception that waits, as a reviewer who wrote neither it nor the plan')
    .option('--json', 'print the answer as JSON')
    .action(
      action(context, (id: string, rule: string, options: Showing) => approve(context, id, rule, options)),
    );
}

function approve(context: CliContext, id: string, rule: string, options: Showing): Promise<number> {
  return telling(context, options, async () => {
    const change = await context.client().ask('GET', addressOf(id), { answer: changeView });
    const waiting = waitingFor(change, rule);
    note(
      context,
      plainLine(`approves exception ${waiting.id} of ${change.id} to ${rule}: ${waiting.reason}`),
    );
    note(context, `  plan ${change.digest}`);
    return askAndTell(context, options, {
      method: 'POST',
      path: addressOf(id, '/exceptions/approve'),
      body: { exception: waiting.id, digest: change.digest },
      answer: exceptionView,
      lines: (given) => [`${id}: exception ${given.id} to ${given.rule} approved by ${given.approvedBy}`],
    });
  });
}

function waitingFor({ id, exceptions }: ChangeView, rule: string) {
  const waiting = exceptions.findLast((one) => one.rule === rule && one.current && one.approvedBy === null);
  if (waiting) return waiting;
  throw new AppError('not_found', `expected an exception of \`${id}\` to \`${rule}\` that waits, got none`);
}
