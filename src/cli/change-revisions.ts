import type { Command } from 'commander';
import { revisionDifference, revisionPage, type RevisionDifference } from '../contract/change-history.ts';
import { action } from './action.ts';
import { askAndTell, type Showing } from './ask-and-tell.ts';
import { addressOf } from './change-address.ts';
import { wholeNumber } from './choice.ts';
import type { CliContext } from './context.ts';
import { table } from './table.ts';

interface RevisionOptions extends Showing {
  readonly before?: number;
}

const revision = wholeNumber('a revision', 1, 999_999_999);

/** `interlock change revisions ID`, `interlock change diff ID A B` */
export function register(change: Command, context: CliContext): void {
  change
    .command('revisions <change>')
    .description('list the revisions of a request, the newest first')
    .option('--before <revision>', 'only those older than this one', revision)
    .option('--json', 'print the answer as JSON')
    .action(
      action(context, (id: string, { before, ...options }: RevisionOptions) =>
        askAndTell(context, options, {
          method: 'GET',
          path: addressOf(id, `/revisions${before === undefined ? '' : `?before=${before}`}`),
          answer: revisionPage,
          lines: ({ revisions, next }) => [
            ...table([
              ['REVISION', 'AT', 'BY', 'DIGEST', 'CHANGED'],
              ...revisions.map((one) => [
                String(one.revision),
                one.at,
                one.by,
                one.digest,
                changedText(one.changed),
              ]),
            ]),
            ...(next === null ? [] : [`There are more: --before ${next}`]),
          ],
        }),
      ),
    );
  registerDifference(change, context);
}

function changedText(changed: readonly string[] | null): string {
  if (changed === null) return '-';
  return changed.length === 0 ? 'nothing material' : changed.join(', ');
}

function registerDifference(change: Command, context: CliContext): void {
  change
    .command('diff')
    .argument('<change>')
    .argument('<from>', 'number of a revision', revision)
    .argument('<to>', 'number of another', revision)
    .description('show what differs between two revisions of a request')
    .option('--json', 'print the answer as JSON')
    .action(
      action(context, (id: string, from: number, to: number, options: Showing) =>
        askAndTell(context, options, {
          method: 'GET',
          path: addressOf(id, `/revisions/${from}/diff/${to}`),
          answer: revisionDifference,
          lines: differenceText,
        }),
      ),
    );
}

function differenceText({ from, to, parts, files }: RevisionDifference): string[] {
  if (files.length === 0) return [`Revisions ${from} and ${to} have the same text.`];
  const touched = parts.length === 0 ? 'nothing material' : parts.join(', ');
  return [
    `# from revision ${from} to ${to}: ${touched}`,
    ...files.flatMap(({ path, text, cut }) => [
      `--- a/${path.replace(/^\/+/, '')}`,
      `+++ b/${path.replace(/^\/+/, '')}`,
      ...text.replace(/\n$/, '').split('\n'),
      ...(cut ? ['# cut here: it is longer'] : []),
    ]),
  ];
}
