import type { Command } from 'commander';
import { verbalWords, verbalWordView, type VerbalWordView } from '../contract/verbal-words.ts';
import { action } from './action.ts';
import { askAndTell, type Showing } from './ask-and-tell.ts';
import { addressOf } from './change-address.ts';
import type { CliContext } from './context.ts';
import { table } from './table.ts';

/** `interlock verbal list|claim|confirm` */
export function register(program: Command, context: CliContext): void {
  const verbal = program.command('verbal').description('what the engineer on call said of a start by voice');
  verbal
    .command('list <change>')
    .description('what they are said to have said, confirmed or not')
    .option('--json', 'print the answer as JSON')
    .action(
      action(context, (id: string, options: Showing) =>
        askAndTell(context, options, {
          method: 'GET',
          path: addressOf(id, '/verbal'),
          answer: verbalWords,
          lines: ({ words }) => table([['WORD', 'OF', 'CLAIMED BY', 'AT', 'STATE'], ...words.map(row)]),
        }),
      ),
    );
  verbal
    .command('claim <change>')
    .description('say that they approved, and ask them to confirm it: it counts once they do')
    .option('--json', 'print the answer as JSON')
    .action(
      action(context, (id: string, options: Showing) =>
        askAndTell(context, options, {
          method: 'POST',
          path: addressOf(id, '/verbal'),
          body: {},
          answer: verbalWordView,
          lines: ({ id: word, speaker }) => [
            `${id}: word ${word} of ${speaker} is claimed; it counts once ${speaker} confirms it`,
          ],
        }),
      ),
    );
  verbal
    .command('confirm <change> <word>')
    .description('confirm your own word, while on call: this approves the start')
    .option('--json', 'print the answer as JSON')
    .action(
      action(context, (id: string, word: string, options: Showing) =>
        askAndTell(context, options, {
          method: 'POST',
          path: addressOf(id, `/verbal/${encodeURIComponent(word)}/confirm`),
          answer: verbalWordView,
          lines: ({ speaker, confirmedAt }) => [
            `${id}: ${speaker} approved the start by voice, confirmed at ${confirmedAt ?? 'no time'}`,
          ],
        }),
      ),
    );
}

function row({ id, speaker, claimedBy, claimedAt, confirmedAt }: VerbalWordView): string[] {
  const state = confirmedAt === null ? 'claimed, counts for nothing yet' : `confirmed ${confirmedAt}`;
  return [id, speaker, claimedBy, claimedAt, state];
}
