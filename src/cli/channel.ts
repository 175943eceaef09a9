import type { Command } from 'commander';
import { channelPage, messageView } from '../contract/channel.ts';
import { action } from './action.ts';
import { askAndTell, type Showing } from './ask-and-tell.ts';
import { wholeNumber } from './choice.ts';
import { messageLines } from './message-lines.ts';
import type { CliContext } from './context.ts';

interface ChannelOptions extends Showing {
  readonly change?: string;
  readonly limit: number;
}

/** `interlock channel [TEXT]` */
export function register(program: Command, context: CliContext): void {
  program
    .command('channel [text]')
    .description('write in the production channel; without a text, read it')
    .option('--change <change>', 'the change that it is about')
    .option('--limit <number>', 'how many messages to read', wholeNumber('a number', 1, 500), 20)
    .option('--json', 'print the answer as JSON')
    .action(
      action(context, (text: string | undefined, { change, limit, json }: ChannelOptions) => {
        const showing = { json: json === true };
        return text === undefined
          ? askAndTell(context, showing, {
              method: 'GET',
              path: `/api/v1/channel?limit=${limit}`,
              answer: channelPage,
              // The newest stands last, where the eye is.
              lines: (list) => list.messages.toReversed().flatMap(messageLines),
            })
          : askAndTell(context, showing, {
              method: 'POST',
              path: '/api/v1/channel',
              body: { body: text, change },
              answer: messageView,
              lines: messageLines,
            });
      }),
    );
}
