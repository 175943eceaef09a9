import type { Command } from 'commander';
import { feeds, madeFeed } from '../contract/calendar-feeds.ts';
import { action } from './action.ts';
import { askAndTell, type Showing } from './ask-and-tell.ts';
import type { CliContext } from './context.ts';
import { note, print } from './print.ts';
import { table } from './table.ts';

const CALENDARS = ['all.ics', 'locks.ics', 'eoc.ics', 'imoc.ics', 'cmoc.ics', 'environment-<name>.ics'];

/** `interlock calendar feed create|list|revoke` */
export function registerFeeds(calendar: Command, context: CliContext): void {
  const feed = calendar.command('feed').description('secret addresses at which calendar programs read');
  feed
    .command('create')
    .description('make an address; it is shown this once')
    .option('--label <text>', 'what it is for', 'command line')
    .action(
      action(context, async ({ label }: { readonly label: string }) => {
        const client = context.client();
        const made = await client.ask('POST', '/api/v1/calendar/feeds', {
          body: { label },
          answer: madeFeed,
        });
        note(context, `${made.id}, shown this once; whoever has an address can read it`);
        print(
          context,
          CALENDARS.map((file) => `${new URL(made.path, client.url).href}${file}`),
        );
        return 0;
      }),
    );
  registerKeeping(feed, context);
}

function registerKeeping(feed: Command, context: CliContext): void {
  feed
    .command('list', { isDefault: true })
    .description('list your addresses')
    .option('--json', 'print the answer as JSON')
    .action(
      action(context, (options: Showing) =>
        askAndTell(context, options, {
          method: 'GET',
          path: '/api/v1/calendar/feeds',
          answer: feeds,
          lines: (list) =>
            table([
              ['ID', 'STATE', 'MADE', 'LABEL'],
              ...list.feeds.map(({ id, label, createdAt, revokedAt }) => [
                id,
                revokedAt === null ? 'in force' : 'revoked',
                createdAt,
                label,
              ]),
            ]),
        }),
      ),
    );
  feed
    .command('revoke <id>')
    .description('revoke an address; nothing can be read there any more')
    .action(
      action(context, async (id: string) => {
        await context.client().ask('DELETE', `/api/v1/calendar/feeds/${encodeURIComponent(id)}`);
        print(context, `${id} revoked`);
        return 0;
      }),
    );
}
