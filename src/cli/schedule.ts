import type { Command } from 'commander';
import { slotAnswer } from '../contract/calendar.ts';
import { changeView, scheduled } from '../contract/changes.ts';
import { AppError } from '../contract/errors.ts';
import { formatInstant, parseInstant } from '../kernel/calendar/instant.ts';
import { action } from './action.ts';
import { askAndTell, telling, type Showing } from './ask-and-tell.ts';
import { addressOf } from './change-address.ts';
import { slotText } from './change-text.ts';
import { openingLines, reportLines } from './slot-lines.ts';
import { wholeNumber } from './choice.ts';
import type { CliContext } from './context.ts';
import { verdictLines } from './verdict-lines.ts';

interface ScheduleOptions extends Showing {
  readonly start?: string;
  readonly end?: string;
  readonly minutes?: number;
  readonly tentative?: boolean;
  readonly withoutDate?: boolean;
  readonly acknowledge: readonly string[];
  readonly openings?: boolean;
}

const MINUTE_MS = 60_000;

/** `interlock schedule ID --start INSTANT --end INSTANT` */
export function register(program: Command, context: CliContext): void {
  program
    .command('schedule <change>')
    .description('ask for a slot; without one, for the slot that is pencilled in, if there is one')
    .option('--start <instant>', 'when it begins')
    .option('--end <instant>', 'when it ends')
    .option('--minutes <number>', 'how long it is, instead of --end', wholeNumber('minutes', 1, 1_000_000))
    .option('--tentative', 'only pencil it in, so that the engineer on call of that time can review')
    .option('--without-date', 'no slot, for a change that needs none')
    .option(
      '--acknowledge <change>',
      'a request on the same service in this time that you know of; may be given again',
      (id: string, before: readonly string[]) => [...before, id],
      [],
    )
    .option('--openings', 'only show what there is to know of the slot, and the next openings of its length')
    .option('--all', 'every rule of the verdict')
    .option('--json', 'print the answer as JSON')
    .action(
      action(context, (id: string, options: ScheduleOptions) =>
        telling(context, options, async () => {
          const slot = await slotOf(context, id, options);
          if (options.openings === true) return preview(context, id, { slot, options });
          return askAndTell(context, options, {
            method: 'POST',
            path: addressOf(id, '/schedule'),
            body: {
              slot,
              tentative: options.tentative === true,
              acknowledgesConflicts: options.acknowledge,
            },
            answer: scheduled,
            lines: ({ change, decision, report }) => [
              `${change.id} is ${change.state}: ${slotText(change)}`,
              ...(decision === null ? [] : verdictLines(decision, options.all)),
              ...(report === null ? [] : reportLines(report)),
            ],
          });
        }),
      ),
    );
}

interface Previewed {
  readonly slot: { readonly start: string; readonly end: string } | null;
  readonly options: Showing;
}

/** @throws {AppError} `invalid` without a slot: its length is what is looked for. */
function preview(context: CliContext, id: string, { slot, options }: Previewed): Promise<number> {
  if (slot === null) throw new AppError('invalid', 'expected --start with --end or --minutes, got no slot');
  return askAndTell(context, options, {
    method: 'POST',
    path: addressOf(id, '/slot-preview'),
    body: { slot },
    answer: slotAnswer,
    lines: (report) => [
      ...verdictLines(report.decision, options.all),
      ...reportLines(report),
      ...openingLines(report),
    ],
  });
}

/** The slot that is asked for, as instants in text. @throws {AppError} `invalid` */
async function slotOf(
  context: CliContext,
  id: string,
  { start, end, minutes, withoutDate }: ScheduleOptions,
) {
  if (withoutDate === true) return null;
  if (start === undefined) {
    if (end !== undefined || minutes !== undefined)
      throw new AppError('invalid', 'expected --start beside --end or --minutes, got none');
    const { slot } = await context.client().ask('GET', addressOf(id), { answer: changeView });
    return slot && { start: slot.start, end: slot.end };
  }
  if ((end === undefined) === (minutes === undefined))
    throw new AppError('invalid', 'expected one of --end and --minutes beside --start');
  return { start, end: end ?? after(start, minutes ?? 0) };
}

function after(start: string, minutes: number): string {
  const from = parseInstant(start);
  if (from === null) {
    throw new AppError(
      'invalid',
      `expected an instant with its offset such as \`2026-11-17T22:00:00Z\`, got \`${start}\``,
    );
  }
  return formatInstant(from + minutes * MINUTE_MS);
}
