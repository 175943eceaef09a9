import type { Command } from 'commander';
import { people, person, standingRole, type Person, type StandingRole } from '../contract/people.ts';
import type { CliContext } from './context.ts';
import { action } from './action.ts';
import { askAndTell, type Showing } from './ask-and-tell.ts';
import { guarded } from './input.ts';
import { print } from './print.ts';
import { choice } from './choice.ts';
import { askPassword } from './password.ts';
import { table } from './table.ts';

interface AddOptions {
  readonly name?: string;
  readonly service?: boolean;
  readonly botOf?: string;
  readonly agentOf?: string;
  readonly role: readonly StandingRole[];
  readonly password?: boolean;
}

const role = choice('a standing role', standingRole.options);
const rolesSoFar = (text: string, roles: readonly StandingRole[] = []) => [...roles, role(text)];

/** `interlock user add|list|disable|enable|grant|revoke|link|unlink|password` */
export function register(program: Command, context: CliContext): void {
  const user = program.command('user').description('accounts and their standing roles');
  user
    .command('add <account>')
    .description('make an account')
    .option('--name <name>', 'the name that people read')
    .option('--service', 'a service account: it can ask and execute, never approve')
    .option('--bot-of <account>', 'the human behind a bot; a service account')
    .option(
      '--agent-of <account>',
      'an agent: it asks and prepares in the name of that human, decides nothing, starts nothing above C4',
    )
    .option('--role <role>', 'a standing role to grant; may be given again', rolesSoFar, [])
    .option('--password', 'ask for a password, or read it from standard input')
    .action(action(context, (account: string, options: AddOptions) => add(context, account, options)));
  user
    .command('list')
    .description('list the accounts')
    .option('--json', 'print the answer as JSON')
    .action(
      action(context, (showing: Showing) =>
        askAndTell(context, showing, {
          method: 'GET',
          path: '/api/v1/people',
          answer: people,
          lines: (list) => table([['ACCOUNT', 'KIND', 'ROLES', 'NAME'], ...list.people.map(row)]),
        }),
      ),
    );
  registerChanges(user, context);
}

function registerChanges(user: Command, context: CliContext): void {
  const change = (account: string, method: 'PUT' | 'DELETE' | 'PATCH', rest: string, body?: unknown) =>
    guarded(context, async () => {
      const path = `/api/v1/people/${encodeURIComponent(account)}${rest}`;
      show(context, await context.client().ask(method, path, { body, answer: person }));
      return 0;
    });
  user
    .command('grant <account> <role>')
    .description('grant a standing role: reviewer, management, director, vpe, admin')
    .action((account: string, name: string) => change(account, 'PUT', `/roles/${role(name)}`));
  user
    .command('revoke <account> <role>')
    .description('take a standing role away; it counts no longer from that moment on')
    .action((account: string, name: string) => change(account, 'DELETE', `/roles/${role(name)}`));
  user
    .command('disable <account>')
    .description('shut an account out: its tokens and sessions end for good')
    .action((account: string) => change(account, 'PATCH', '', { disabled: true }));
  user
    .command('enable <account>')
    .description('let an account in again')
    .action((account: string) => change(account, 'PATCH', '', { disabled: false }));
  user
    .command('link <account> <other>')
    .description('say that both are accounts of one human: one voice in every quorum')
    .action((account: string, other: string) => change(account, 'PATCH', '', { sameHumanAs: other }));
  user
    .command('unlink <account>')
    .description('say that this account is of a human of its own again')
    .action((account: string) => change(account, 'PATCH', '', { sameHumanAs: null }));
  user
    .command('password <account>')
    .description('set a password, asked for or read from standard input')
    .action(
      action(context, async (account: string) => {
        const body = { password: await askPassword(context, 'New password: ') };
        await context.client().ask('PUT', `/api/v1/people/${encodeURIComponent(account)}/password`, { body });
        print(context, `password of ${account} set; its sessions have ended`);
        return 0;
      }),
    );
}

async function add(context: CliContext, account: string, options: AddOptions): Promise<0> {
  const client = context.client();
  const behind = options.agentOf ?? options.botOf ?? null;
  const service = options.service === true || behind !== null;
  const password = options.password === true ? await askPassword(context, 'Password: ') : undefined;
  let made = await client.ask('POST', '/api/v1/people', {
    body: {
      name: account,
      kind: service ? 'service' : 'person',
      displayName: options.name ?? account,
      botOf: behind,
      agent: options.agentOf !== undefined,
      password,
    },
    answer: person,
  });
  for (const granted of options.role) {
    made = await client.ask('PUT', `/api/v1/people/${made.name}/roles/${granted}`, { answer: person });
  }
  show(context, made);
  return 0;
}

function show(context: CliContext, shown: Person): void {
  print(context, table([row(shown)]));
}

function row(shown: Person): string[] {
  const of = shown.sameHumanAs === null ? shown.kind : `also ${shown.sameHumanAs}`;
  const kind = shown.botOf === null ? of : `${shown.agent ? 'agent' : 'bot'} of ${shown.botOf}`;
  return [
    shown.name,
    shown.disabled ? `${kind}, shut out` : kind,
    shown.roles.join(' ') || '-',
    shown.displayName,
  ];
}
