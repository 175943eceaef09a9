import type { Command } from 'commander';
import { changeRecord, changeView, type ChangeView } from '../contract/changes.ts';
import { action } from './action.ts';
import { telling, type Showing } from './ask-and-tell.ts';
import { filedLines } from './change-open.ts';
import { addressOf } from './change-address.ts';
import { wholeNumber } from './choice.ts';
import type { CliContext } from './context.ts';
import { plainLine } from './plain-line.ts';
import { print } from './print.ts';
import { readSentPlan } from './sent-plan.ts';

interface EditOptions extends Showing {
  readonly fromVersion?: number;
}

/** `interlock change edit ID FILE` */
export function register(change: Command, context: CliContext): void {
  change
    .command('edit <change> <file>')
    .description(
      'put another revision of the plan in place; a material edit voids what was said of the former',
    )
    .option(
      '--from-version <number>',
      'the version that was edited (the newest)',
      wholeNumber('a version', 1, 999_999_999),
    )
    .option('--json', 'print the answer as JSON')
    .action(
      action(context, async (id: string, file: string, { fromVersion, json }: EditOptions) => {
        const sent = await readSentPlan(context, file);
        const client = context.client();
        const address = addressOf(id);
        return telling(context, { json: json === true }, async () => {
          const before = await client.ask('GET', address, { answer: changeView });
          const body = { ...sent, version: fromVersion ?? before.version };
          const edited = await client.ask('PUT', address, { body, answer: changeRecord });
          if (json === true) {
            print(context, JSON.stringify(edited));
            return 0;
          }
          const same = edited.digest === before.digest;
          const shown = await client.ask('GET', address, { answer: changeView });
          const what = same
            ? 'edited, nothing material: approvals stand'
            : `edited: ${voidedText(before, shown)}`;
          print(context, filedLines(what, shown).map(plainLine));
          return 0;
        });
      }),
    );
}

/** Which approvals and exceptions an edit has cost. */
function voidedText(before: ChangeView, after: ChangeView): string {
  const counted = [...before.approvals, ...before.exceptions].filter(({ current }) => current).length;
  const names = [
    ...after.approvals
      .filter(({ voided }) => voided?.revision === after.revision)
      .map(({ person, as, for: what }) => `${what} by ${person} as ${as}`),
    ...after.exceptions
      .filter(({ voided }) => voided?.revision === after.revision)
      .map(({ rule }) => `exception to ${rule}`),
  ];
  if (counted === 0) return 'there was no approval yet';
  return names.length === 0 ? 'every approval stands' : `to be given anew: ${names.join(', ')}`;
}
