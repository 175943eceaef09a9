import type { Command } from 'commander';
import { handOffView, type HandOffView } from '../contract/hand-offs.ts';
import type { HandOff } from '../contract/runs.ts';
import { action } from './action.ts';
import { askAndTell, type Showing } from './ask-and-tell.ts';
import type { CliContext } from './context.ts';

interface ShowOptions extends Showing {
  readonly draft?: boolean;
}

/** `interlock hand-off show|accept RUN` */
export function register(program: Command, context: CliContext): void {
  const handOff = program
    .command('hand-off')
    .description('what the next engineer on call has to know of a run');
  handOff
    .command('show <run>', { isDefault: true })
    .description('the note of a run, or as the facts draft it; exit status 1 if it is not accepted')
    .option('--draft', 'the draft alone, as JSON to edit and give to `interlock complete --from`')
    .option('--json', 'print the answer as JSON')
    .action(
      action(context, (run: string, { draft, ...options }: ShowOptions) =>
        askAndTell(context, options, {
          method: 'GET',
          path: pathOf(run),
          answer: handOffView,
          ...(draft === true
            ? { lines: (view: HandOffView) => JSON.stringify(view.draft, null, 2).split('\n') }
            : { lines, status: ({ written }: HandOffView) => (written?.acceptedBy ? 0 : 1) }),
        }),
      ),
    );
  handOff
    .command('accept <run>')
    .description('accept it, as whom it was sent to or as the engineer on call')
    .option('--json', 'print the answer as JSON')
    .action(
      action(context, (run: string, options: Showing) =>
        askAndTell(context, options, {
          method: 'POST',
          path: `${pathOf(run)}/accept`,
          answer: handOffView,
          lines,
        }),
      ),
    );
}

function pathOf(run: string): string {
  return `/api/v1/runs/${encodeURIComponent(run)}/hand-off`;
}

function lines({ draft, written }: HandOffView): string[] {
  if (written === null) return ['not written yet; as the facts have it:', ...noteLines(draft)];
  const { by, at, sentTo, acceptedBy, acceptedAt } = written;
  return [
    `written by ${by} at ${at}, sent to ${sentTo ?? 'nobody'}, ${acceptedBy === null ? 'NOT ACCEPTED' : `accepted by ${acceptedBy} at ${acceptedAt}`}`,
    ...noteLines(written.note),
  ];
}

function noteLines({ state, silences, graphs }: HandOff): string[] {
  return [
    ...state.split('\n').map((line) => `  ${line}`),
    ...silences.map((one) => `  silenced: ${one}`),
    ...graphs.map((one) => `  watch: ${one}`),
  ];
}
