import type { Command } from 'commander';
import { AppError } from '../contract/errors.ts';
import { approvalView, changeView, type ChangeView } from '../contract/changes.ts';
import { askedOwnWords, ownWords } from '../contract/own-words.ts';
import { me } from '../contract/sessions.ts';
import { wordDifference } from '../contract/word-fates.ts';
import { APPROVER_ROLES, DOORS, type ApproverRole, type Door } from '../kernel/policy/facts.ts';
import { action } from './action.ts';
import { askAndTell, telling, type Showing } from './ask-and-tell.ts';
import { addressOf } from './change-address.ts';
import { choice } from './choice.ts';
import type { CliContext } from './context.ts';
import { plainLine } from './plain-line.ts';
import { note } from './print.ts';

interface ApproveOptions extends Showing {
  readonly as: ApproverRole;
  readonly for: string;
  readonly on: Door;
  readonly message?: string;
  readonly expires?: string;
  readonly reason?: string;
  readonly post?: true;
}

/** `interlock approve ID --as ROLE` */
export function register(program: Command, context: CliContext): void {
  program
    .command('approve <change>')
    .description('give your word for a change, bound to the plan as it is now')
    .requiredOption('--as <capacity>', APPROVER_ROLES.join(', '), choice('a capacity', APPROVER_ROLES))
    .option('--for <what>', 'plan, start, emergency or lock:ID', 'plan')
    .option('--on <door>', `where it is given: ${DOORS.join(', ')}`, choice('a door', DOORS), 'app')
    .option('--message <text>', 'what is written, on the issue or in chat')
    .option('--expires <instant>', 'until when it counts')
    .option('--reason <text>', 'why; an exemption from a lock needs one')
    .option(
      '--post',
      'post it as yourself to issue and channel elsewhere: the start, as the engineer on call',
    )
    .option('--json', 'print the answer as JSON')
    .action(
      action(context, (id: string, options: ApproveOptions) =>
        telling(context, options, async () => {
          const change = await context.client().ask('GET', addressOf(id), { answer: changeView });
          note(
            context,
            plainLine(
              `approves ${options.for} of ${change.id}, revision ${change.revision}: ${change.title}`,
            ),
          );
          note(context, `  plan ${change.digest}`);
          await tellDifference(context, change, options);
          if (options.post) return postIt(context, change, options);
          return askAndTell(context, options, {
            method: 'POST',
            ...requestOf(change, options),
            answer: approvalView,
            lines: ({ person, as, for: what, via, at }) => [
              `${change.id}: ${person} approved ${what} as ${as}, via ${via}, at ${at}`,
            ],
          });
        }),
      ),
    );
}

/** Shows what is posted and as whom, then has it posted. It counts when the peers have it, which the page and this command, typed again, show. */
async function postIt(
  context: CliContext,
  { id, digest }: ChangeView,
  options: ApproveOptions,
): Promise<number> {
  if (options.as !== 'eoc' || options.for !== 'start')
    throw new AppError('invalid', 'expected `--as eoc --for start` with `--post`, got another approval');
  const path = addressOf(id, '/approvals/posted');
  const { offers } = await context.client().ask('GET', path, { answer: ownWords });
  for (const { where, account, body, because } of offers) {
    note(
      context,
      plainLine(`  to ${where} as ${account ?? 'nobody'}${because === null ? ':' : `: ${because}`}`),
    );
    for (const line of body.split('\n')) note(context, plainLine(`    ${line}`));
  }
  const places = offers.filter(({ ready }) => ready).map(({ place }) => place);
  return askAndTell(context, options, {
    method: 'POST',
    path,
    body: { digest, ...(places.length > 0 && { places }) },
    answer: askedOwnWords,
    lines: ({ words }) =>
      words.map(({ place, connection }) => `${id}: on its way to the ${place} at ${connection}`),
  });
}

/** Who gave the same word before is shown what differs since. */
async function tellDifference(
  context: CliContext,
  { id, approvals }: ChangeView,
  { as, for: what }: ApproveOptions,
): Promise<void> {
  const { name } = await context.client().ask('GET', '/api/v1/me', { answer: me });
  const last = approvals.findLast((one) => one.person === name && one.as === as && one.for === what);
  if (!last || last.current) return;
  const path = addressOf(id, `/approvals/${last.id}/difference`);
  const { differences } = await context.client().ask('GET', path, { answer: wordDifference });
  const told = differences.map(({ path: field, before, after }) => `  ${field}: ${before} → ${after}`);
  note(context, `  since your approval of ${last.at}:${told.length === 0 ? ' nothing in the plan' : ''}`);
  for (const line of told) note(context, plainLine(line));
}

/** Each door has its own address: the server sets the way, nobody else does. */
function requestOf(
  { id, title, digest }: ChangeView,
  { as, for: what, on, message, expires, reason }: ApproveOptions,
) {
  const approval = { as, for: what, digest, expiresAt: expires, reason };
  const body = message ?? `Approved: ${what} of ${id} (${title}), plan ${digest}.`;
  switch (on) {
    case 'app':
      return { path: addressOf(id, '/approvals'), body: approval };
    case 'voice':
      return { path: addressOf(id, '/approvals'), body: { ...approval, voice: true } };
    case 'issue':
      return { path: addressOf(id, '/discussion'), body: { body, approve: approval } };
    case 'chat':
      return { path: '/api/v1/channel', body: { change: id, body, approve: approval } };
  }
}
