import type { Command } from 'commander';
import { changeView, type ChangeView } from '../contract/changes.ts';
import { AppError } from '../contract/errors.ts';
import { me } from '../contract/sessions.ts';
import { action } from './action.ts';
import { telling } from './ask-and-tell.ts';
import { addressOf } from './change-address.ts';
import type { CliContext } from './context.ts';
import { plainLine } from './plain-line.ts';
import { print } from './print.ts';

/** `interlock withdraw ID [APPROVAL]` */
export function register(program: Command, context: CliContext): void {
  program
    .command('withdraw <change> [approval]')
    .description('take your own approval back: it counts no more, and what runs stops before its next step')
    .action(
      action(context, (id: string, approval: string | undefined) =>
        telling(context, {}, async () => {
          const client = context.client();
          const { name } = await client.ask('GET', '/api/v1/me', { answer: me });
          const change = await client.ask('GET', addressOf(id), { answer: changeView });
          const { id: number, as, for: what } = ownOf(change, name, approval);
          await client.ask('DELETE', addressOf(id, `/approvals/${number}`));
          print(
            context,
            plainLine(`${change.id}: ${name} took approval ${number} back, of ${what} as ${as}`),
          );
          return 0;
        }),
      ),
    );
}

/** The approval of that number, or the only one: of several nothing is taken back that was not named. */
function ownOf({ id, approvals }: ChangeView, person: string, number: string | undefined) {
  const own = approvals.filter((one) => one.person === person && one.withdrawnAt === null);
  const meant = number === undefined ? own.filter(({ current }) => current) : own;
  const found = number === undefined ? meant.slice(0, 1) : meant.filter((one) => one.id === number);
  const [first] = found;
  if (first === undefined)
    throw new AppError(
      'not_found',
      `expected an approval of \`${id}\` that you gave and that stands, got ${number === undefined ? 'none' : `\`${number}\``}`,
    );
  if (number !== undefined || meant.length === 1) return first;
  const which = meant.map((one) => `${one.id} (${one.for} as ${one.as}, via ${one.via})`).join(', ');
  throw new AppError('invalid', `expected the number of one of your approvals, ${which}, got none`);
}
