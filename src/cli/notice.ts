import type { Command } from 'commander';
import { noticePage, noticesRead } from '../contract/notices.ts';
import { action } from './action.ts';
import { askAndTell, type Showing } from './ask-and-tell.ts';
import type { CliContext } from './context.ts';

interface ListOptions extends Showing {
  readonly unread?: boolean;
}

/** `interlock notice list|read` */
export function register(program: Command, context: CliContext): void {
  const notice = program.command('notice').description('what you were told');
  notice
    .command('list', { isDefault: true })
    .description('your notices, the newest first')
    .option('--unread', 'only those that were not read')
    .option('--json', 'print the answer as JSON')
    .action(
      action(context, ({ unread = false, json }: ListOptions) =>
        askAndTell(
          context,
          { json: json === true },
          {
            method: 'GET',
            path: `/api/v1/notices?unread=${unread}`,
            answer: noticePage,
            lines: ({ notices }) =>
              notices.length === 0
                ? ['nothing']
                : notices.flatMap(({ id, at, readAt, body }) => {
                    const [first = '', ...rest] = body.split('\n');
                    return [
                      `${id}${readAt === null ? ' *' : ''} ${at} ${first}`,
                      ...rest.map((line) => `  ${line}`),
                    ];
                  }),
          },
        ),
      ),
    );
  notice
    .command('read <number>')
    .description('mark your notices as read, up to and with this one')
    .option('--json', 'print the answer as JSON')
    .action(
      action(context, (upTo: string, options: Showing) =>
        askAndTell(context, options, {
          method: 'POST',
          path: '/api/v1/notices/read',
          body: { upTo },
          answer: noticesRead,
          lines: ({ read }) => [`${read} marked as read`],
        }),
      ),
    );
}
