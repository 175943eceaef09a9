import type { Command } from 'commander';
import * as contract from '../contract/webhooks.ts';
import { action } from './action.ts';
import { askAndTell, type Question, type Showing } from './ask-and-tell.ts';
import type { CliContext } from './context.ts';
import { table } from './table.ts';

type Delivery = contract.DeliveryLog['deliveries'][number];

interface AddOptions extends Showing {
  readonly description: string;
  readonly type?: readonly string[];
}

/** `interlock webhook add|list|log|trial|send|rotate|remove` */
export function register(program: Command, context: CliContext): void {
  const webhook = program.command('webhook').description('have what is recorded posted to other programs');
  webhook
    .command('add <url>')
    .description(
      'post what is recorded from now on there, signed by Standard Webhooks; prints the secret once',
    )
    .requiredOption('--description <text>', 'what it is for')
    .option('--type <types...>', 'types of ledger entries; `change.*` is all of a kind')
    .option('--json', 'print the answer as JSON')
    .action(
      action(context, (url: string, { description, type, json }: AddOptions) =>
        askAndTell(
          context,
          { json: json === true },
          {
            method: 'POST',
            path: '/api/v1/webhooks',
            body: { url, description, ...(type && { types: type }) },
            answer: contract.webhookWithSecret,
            lines: secretLines,
          },
        ),
      ),
    );
  registerReading(webhook, context);
  registerActs(webhook, context);
}

function secretLines({ id, types, secret }: contract.WebhookView & { readonly secret: string }): string[] {
  return [`${id} hears of ${types.join(' ')}`, `The secret, shown this once: ${secret}`];
}

function registerReading(webhook: Command, context: CliContext): void {
  webhook
    .command('list', { isDefault: true })
    .description('who hears of what')
    .option('--json', 'print the answer as JSON')
    .action(
      action(context, (options: Showing) =>
        askAndTell(context, options, {
          method: 'GET',
          path: '/api/v1/webhooks',
          answer: contract.webhookList,
          lines: ({ webhooks }) =>
            table([
              ['WEBHOOK', 'STATE', 'HEARS OF', 'ADDRESS', 'FOR'],
              ...webhooks.map(({ id, disabledBecause, types, url, description }) => [
                id,
                disabledBecause ?? 'hears',
                types.join(' '),
                url,
                description,
              ]),
            ]),
        }),
      ),
    );
  webhook
    .command('log <id>')
    .description('what became of the newest messages to it')
    .option('--json', 'print the answer as JSON')
    .action(
      action(context, (id: string, options: Showing) =>
        askAndTell(context, options, {
          method: 'GET',
          path: `/api/v1/webhooks/${encodeURIComponent(id)}/deliveries`,
          answer: contract.deliveryLog,
          lines: ({ deliveries }) =>
            table([
              ['MESSAGE', 'TYPE', 'MADE', 'STATE', 'ATTEMPTS', 'LAST'],
              ...deliveries.map((one) => deliveryRow(one)),
            ]),
        }),
      ),
    );
}

function deliveryRow({ id, type, createdAt, state, attempts }: Delivery): string[] {
  const last = attempts.at(-1);
  return [id, type, createdAt, state, String(attempts.length), last?.error ?? String(last?.status ?? '–')];
}

/** One act on an endpoint, and what is said when it is done. */
function registerActs(webhook: Command, context: CliContext): void {
  for (const { usage, description, question } of ACTS) {
    webhook
      .command(usage)
      .description(description)
      .option('--json', 'print the answer as JSON')
      .action(
        action(context, (id: string, ...rest: readonly unknown[]) => {
          const [message, options] = typeof rest[0] === 'string' ? [rest[0], rest[1]] : ['', rest[0]];
          // commander gives the options after the arguments.
          return askAndTell(context, options as Showing, question(id, message));
        }),
      );
  }
}

interface Act {
  readonly usage: string;
  readonly description: string;
  readonly question: (id: string, message: string) => Question<contract.WebhookView & { secret?: string }>;
}

const ACTS: readonly Act[] = [
  {
    usage: 'trial <id>',
    description: 'send it a trial',
    question: (id) => ({ ...sending(id, '/trial'), lines: () => [`${id}: on its way`] }),
  },
  {
    usage: 'send <id> <message>',
    description: 'send a message of its log once more',
    question: (id, message) => ({
      ...sending(id, `/deliveries/${encodeURIComponent(message)}/send`),
      lines: () => [`${message}: on its way`],
    }),
  },
  {
    usage: 'rotate <id>',
    description: 'give it another secret; the former one is good for a day more',
    question: (id) => ({
      ...sending(id, '/rotate'),
      answer: contract.webhookWithSecret,
      lines: ({ secret }) => [`The secret of ${id}, shown this once: ${secret}`],
    }),
  },
  {
    usage: 'remove <id>',
    description: 'tell it nothing any more',
    question: (id) => ({
      ...sending(id, ''),
      method: 'DELETE',
      lines: () => [`${id} hears of nothing any more`],
    }),
  },
];

function sending(id: string, rest: string) {
  return {
    method: 'POST',
    path: `/api/v1/webhooks/${encodeURIComponent(id)}${rest}`,
    answer: contract.webhookView,
  } as const;
}
