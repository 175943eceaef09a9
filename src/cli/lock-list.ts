import type { Command } from 'commander';
import { lockHistory, locks, type Locks, type LockView } from '../contract/locks.ts';
import { action } from './action.ts';
import { askAndTell, type Showing } from './ask-and-tell.ts';
import type { CliContext } from './context.ts';
import { whenText } from './lock-lines.ts';
import { table } from './table.ts';

interface ListOptions extends Showing {
  readonly from?: string;
  readonly to?: string;
}

/** `interlock lock list|history` */
export function registerReading(lock: Command, context: CliContext): void {
  lock
    .command('list')
    .description('locks that have not ended, proposals too, and those of the policy; or all of a span')
    .option('--from <instant>', 'begin of a span, past locks too')
    .option('--to <instant>', 'end of the span')
    .option('--json', 'print the answer as JSON')
    .action(
      action(context, ({ from, to, json }: ListOptions) => {
        const query = new URLSearchParams(Object.entries({ from, to }).filter(isGiven));
        return askAndTell(
          context,
          { json: json === true },
          {
            method: 'GET',
            path: `/api/v1/locks?${query.toString()}`,
            answer: locks,
            lines: (list) =>
              table([
                ['LOCK', 'KIND', 'STATE', 'FROM', 'UNTIL', 'ENVIRONMENTS', 'REASON'],
                ...list.locks.map(row),
                ...list.policy.map(policyRow),
              ]),
          },
        );
      }),
    );
  lock
    .command('history <lock>')
    .description('everything that a lock ever said, and who answers for it')
    .option('--json', 'print the answer as JSON')
    .action(
      action(context, (id: string, options: Showing) =>
        askAndTell(context, options, {
          method: 'GET',
          path: `/api/v1/locks/${encodeURIComponent(id)}/history`,
          answer: lockHistory,
          lines: ({ versions, releasedBy, releasedAt }) => [
            ...versions.map(
              ({ version, kind, proposedBy, proposedAt, confirmedBy, confirmedAt, reason, ...when }) =>
                `${version} ${kind} ${whenText(when)}: ${oneLine(reason)}; by ${proposedBy} at ${proposedAt}, ${confirmedBy === null ? 'not confirmed' : `confirmed by ${confirmedBy} at ${confirmedAt}`}`,
            ),
            ...(releasedBy === null ? [] : [`released by ${releasedBy} at ${releasedAt}`]),
          ],
        }),
      ),
    );
}

function isGiven(entry: [string, string | undefined]): entry is [string, string] {
  return entry[1] !== undefined;
}

function row({ id, kind, state, start, end, recurs, edit, environments, reason }: LockView): string[] {
  const until = end ?? 'comes again';
  const shown = edit === null ? state : `${state}, edit waits`;
  const why = recurs === null ? oneLine(reason) : `${oneLine(reason)} (${recurs.rule})`;
  return [id, kind, shown, start, until, environments.join(' '), why];
}

function policyRow({ id, kind, start, end, environments, reason }: Locks['policy'][number]): string[] {
  return [id, kind, 'policy', start, end, environments.join(' '), oneLine(reason)];
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ');
}
