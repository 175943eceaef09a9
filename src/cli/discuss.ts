import type { Command } from 'commander';
import { messages, messageView } from '../contract/channel.ts';
import { action } from './action.ts';
import { askAndTell, type Showing } from './ask-and-tell.ts';
import { addressOf } from './change-address.ts';
import { messageLines } from './message-lines.ts';
import type { CliContext } from './context.ts';

/** `interlock discuss ID [TEXT]` */
export function register(program: Command, context: CliContext): void {
  program
    .command('discuss <change> [text]')
    .description('write on the issue of a change; without a text, read it')
    .option('--json', 'print the answer as JSON')
    .action(
      action(context, (id: string, text: string | undefined, options: Showing) => {
        const path = addressOf(id, '/discussion');
        return text === undefined
          ? askAndTell(context, options, {
              method: 'GET',
              path,
              answer: messages,
              lines: (list) => list.messages.flatMap(messageLines),
            })
          : askAndTell(context, options, {
              method: 'POST',
              path,
              body: { body: text },
              answer: messageView,
              lines: messageLines,
            });
      }),
    );
}
