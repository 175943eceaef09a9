import type { Command } from 'commander';
import { accountLink, accountLinks, askedLink } from '../contract/account-links.ts';
import { action } from './action.ts';
import type { CliContext } from './context.ts';
import { note, print } from './print.ts';
import { table } from './table.ts';

const PATH = '/api/v1/account-links';

/** `interlock account link|list|confirm|unlink` */
export function register(program: Command, context: CliContext): void {
  const account = program
    .command('account')
    .description('your accounts at tracker and chat: what you write there counts as yours');
  account
    .command('link <peer>')
    .description('get the words to post from your account there, such as `gitlab`')
    .action(action(context, (peer: string) => link(context, peer)));
  account
    .command('list')
    .description('your accounts elsewhere, and what waits to be confirmed')
    .option('--all', 'those of everybody; for administrators')
    .action(action(context, (options: { all?: true }) => list(context, options)));
  account
    .command('confirm <id>')
    .description('say that the account which posted the words is yours')
    .action(
      action(context, async (id: string) => {
        const made = await context
          .client()
          .ask('POST', `${PATH}/${encodeURIComponent(id)}/confirm`, { answer: accountLink });
        print(
          context,
          `${made.shownAs} (${made.externalUser}) at ${made.connection} speaks for ${made.person}`,
        );
        return 0;
      }),
    );
  account
    .command('unlink <id>')
    .description('end a link; what it said stays')
    .action(
      action(context, async (id: string) => {
        await context.client().ask('DELETE', `${PATH}/${encodeURIComponent(id)}`);
        print(context, `${id} ended`);
        return 0;
      }),
    );
}

async function link(context: CliContext, connection: string): Promise<0> {
  const asked = await context.client().ask('POST', PATH, { body: { connection }, answer: askedLink });
  print(context, asked.say);
  note(
    context,
    `Post that from your account at ${connection} until ${asked.until}, then: interlock account confirm ${asked.id}`,
  );
  return 0;
}

async function list(context: CliContext, { all }: { all?: true }): Promise<0> {
  const { links } = await context
    .client()
    .ask('GET', `${PATH}${all ? '?all=true' : ''}`, { answer: accountLinks });
  const head = ['ID', 'PERSON', 'PEER', 'STATE', 'THERE', 'ID THERE'];
  const rows = links.map(({ id, person, connection, state, shownAs, externalUser }) => [
    id,
    person,
    connection,
    state,
    shownAs ?? '-',
    externalUser ?? '-',
  ]);
  print(context, table([head, ...rows]));
  return 0;
}
