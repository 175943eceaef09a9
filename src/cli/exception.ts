import type { Command } from 'commander';
import { changeView, exceptionView, type ChangeView } from '../contract/changes.ts';
import { AppError } from '../contract/errors.ts';
import { me } from '../contract/sessions.ts';
import { action } from './action.ts';
import { askAndTell, telling, type Showing } from './ask-and-tell.ts';
import { addressOf } from './change-address.ts';
import type { CliContext } from './context.ts';
import { plainLine } from './plain-line.ts';
import { note } from './print.ts';

interface WithReason extends Showing {
  readonly reason: string;
}

/** `interlock exception ask|approve|withdraw` */
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
      action(context, (id: string, rule: string, { reason, json }: WithReason) =>
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
  exception
    .command('withdraw <change> <rule>')
    .description('take an exception back that you asked for or approved: the rule holds again')
    .requiredOption('--reason <text>', 'why it is taken back')
    .option('--json', 'print the answer as JSON')
    .action(
      action(context, (id: string, rule: string, options: WithReason) =>
        withdraw(context, id, rule, options),
      ),
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

function withdraw(context: CliContext, id: string, rule: string, options: WithReason): Promise<number> {
  return telling(context, options, async () => {
    const { name } = await context.client().ask('GET', '/api/v1/me', { answer: me });
    const change = await context.client().ask('GET', addressOf(id), { answer: changeView });
    const own = ownOf(change, rule, name);
    note(context, plainLine(`takes back exception ${own.id} of ${change.id} to ${rule}: ${own.reason}`));
    return askAndTell(context, options, {
      method: 'POST',
      path: addressOf(id, `/exceptions/${own.id}/withdraw`),
      body: { reason: options.reason },
      answer: exceptionView,
      lines: (taken) => [`${id}: exception ${taken.id} to ${taken.rule} withdrawn by ${taken.withdrawn?.by}`],
    });
  });
}

function ownOf({ id, exceptions }: ChangeView, rule: string, person: string) {
  const own = exceptions.findLast(
    (one) => one.rule === rule && one.current && (one.by === person || one.approvedBy === person),
  );
  if (own) return own;
  throw new AppError(
    'not_found',
    `expected an exception of \`${id}\` to \`${rule}\` that stands and that you asked for or approved, got none`,
  );
}

function waitingFor({ id, exceptions }: ChangeView, rule: string) {
  const waiting = exceptions.findLast((one) => one.rule === rule && one.current && one.approvedBy === null);
  if (waiting) return waiting;
  throw new AppError('not_found', `expected an exception of \`${id}\` to \`${rule}\` that waits, got none`);
}
