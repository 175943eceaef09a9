import type { Command } from 'commander';
import * as contract from '../contract/integrations/state.ts';
import { schemaOfIntegrations } from '../contract/json-schema.ts';
import { action } from './action.ts';
import { askAndTell, type Showing } from './ask-and-tell.ts';
import type { CliContext } from './context.ts';
import { table } from './table.ts';

const PREFIX = '/api/v1/integrations';
const pathOf = (name: string) => `${PREFIX}/${encodeURIComponent(name)}`;

/** `interlock integration list|test|messages|send|schema` */
export function register(program: Command, context: CliContext): void {
  const integration = program
    .command('integration')
    .description('the peers of integrations.yaml, and what became of the messages to them');
  integration
    .command('list', { isDefault: true })
    .description('the peers, and how it goes with each')
    .option('--json', 'print the answer as JSON')
    .action(
      action(context, (options: Showing) =>
        askAndTell(context, options, {
          method: 'GET',
          path: PREFIX,
          answer: contract.connectionList,
          lines: ({ connections }) =>
            table([
              ['PEER', 'AT', 'DOES', 'WAITING', 'GIVEN UP', 'LAST TAKEN', 'LAST FAILURE', 'HEARD'],
              ...connections.map(peerRow),
            ]),
        }),
      ),
    );
  integration
    .command('test <name>')
    .description('ask a peer now whether it would take something; exit status 1 if not')
    .option('--json', 'print the answer as JSON')
    .action(
      action(context, (name: string, options: Showing) =>
        askAndTell(context, options, {
          method: 'POST',
          path: `${pathOf(name)}/test`,
          answer: contract.testedConnection,
          lines: ({ ok, text }) => [`${name}: ${ok ? 'ok' : 'not'}: ${text}`],
          status: ({ ok }) => (ok ? 0 : 1),
        }),
      ),
    );
  registerMessages(integration, context);
  integration
    .command('schema')
    .description('print the JSON Schema of integrations.yaml, for editors')
    .action(
      action(context, () => {
        context.stdout(schemaOfIntegrations());
        return Promise.resolve(0 as const);
      }),
    );
}

function peerRow(one: contract.ConnectionState): string[] {
  const { name, peer, offers, hears, waiting, givenUp, takenAt, failedAt, failure, heardAt, unheard } = one;
  const does = [...offers, ...(hears ? ['hears'] : [])].join(' ');
  const failed = failedAt === null ? '–' : `${failedAt} ${failure}`;
  return [
    name,
    peer,
    does,
    String(waiting),
    String(givenUp),
    takenAt ?? '–',
    failed,
    unheard ?? heardAt ?? '–',
  ];
}

function registerMessages(integration: Command, context: CliContext): void {
  integration
    .command('messages <name>')
    .description('what became of the newest messages to a peer')
    .option('--given-up', 'only those that nobody tries to send any more')
    .option('--json', 'print the answer as JSON')
    .action(
      action(context, (name: string, { givenUp, ...options }: Showing & { readonly givenUp?: boolean }) =>
        askAndTell(context, options, {
          method: 'GET',
          path: `${pathOf(name)}/messages${givenUp === true ? '?state=given-up' : ''}`,
          answer: contract.messageLog,
          lines: ({ messages }) =>
            table([
              ['MESSAGE', 'WHAT', 'ABOUT', 'MADE', 'STATE', 'ATTEMPTS', 'LAST'],
              ...messages.map(({ id, topic, about, createdAt, state, attempts, receipt }) => [
                id,
                topic,
                about ?? '–',
                createdAt,
                state,
                String(attempts.length),
                receipt ?? attempts.at(-1)?.because ?? '–',
              ]),
            ]),
        }),
      ),
    );
  registerMoving(integration, context);
  integration
    .command('send <name> <message>')
    .description('send a message once more that was given up')
    .option('--json', 'print the answer as JSON')
    .action(
      action(context, (name: string, message: string, options: Showing) =>
        askAndTell(context, options, {
          method: 'POST',
          path: `${pathOf(name)}/messages/${encodeURIComponent(message)}/send`,
          answer: contract.sentAgain,
          lines: ({ id }) => [`${id}: on its way`],
        }),
      ),
    );
}

function registerMoving(integration: Command, context: CliContext): void {
  integration
    .command('move-issues <name>')
    .description(
      'open the issues of requests under way there, where the policy or the project is another by now, and close the former',
    )
    .option('--json', 'print the answer as JSON')
    .action(
      action(context, (name: string, options: Showing) =>
        askAndTell(context, options, {
          method: 'POST',
          path: `${pathOf(name)}/move-issues`,
          answer: contract.movedIssues,
          lines: ({ moved }) => (moved.length === 0 ? ['none stands elsewhere'] : moved),
        }),
      ),
    );
}
