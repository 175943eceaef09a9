import type { Command } from 'commander';
import { hidingSilences, silenceList, type HidingSilence, type SilenceList } from '../contract/silences.ts';
import { AppError } from '../contract/errors.ts';
import { action } from './action.ts';
import { askAndTell, type Showing } from './ask-and-tell.ts';
import { addressOf } from './change-address.ts';
import type { CliContext } from './context.ts';
import { table } from './table.ts';

interface MakeOptions extends Showing {
  readonly match: readonly string[];
  readonly minutes: string;
  readonly reason: string;
}

interface HandOptions extends Showing {
  readonly minutes: string;
  readonly because: string;
}

/** `interlock silence list|make|end|hand-over` */
export function register(program: Command, context: CliContext): void {
  const silence = program.command('silence').description('alerts that notify nobody while a change runs');
  silence
    .command('list [change]', { isDefault: true })
    .description(
      'the silences of a change, or of all that stand or ended of late; exit status 1 if one outlives its run',
    )
    .option('--json', 'print the answer as JSON')
    .action(
      action(context, (id: string | undefined, options: Showing) =>
        askAndTell(context, options, {
          method: 'GET',
          path: id === undefined ? '/api/v1/silences' : `/api/v1/silences?change=${encodeURIComponent(id)}`,
          ...HIDING,
        }),
      ),
    );
  silence
    .command('make <change>')
    .description('silence alerts of a target, at most until the run ends')
    .requiredOption('--match <label=value...>', 'labels that an alert has to bear; one names a target')
    .requiredOption('--minutes <number>', 'for how long at most')
    .requiredOption('--reason <text>', 'why')
    .option('--json', 'print the answer as JSON')
    .action(
      action(context, (id: string, { match, minutes, reason, ...options }: MakeOptions) =>
        askAndTell(context, options, {
          method: 'POST',
          path: addressOf(id, '/silences'),
          body: { matchers: matchersOf(match), minutes: Number(minutes), reason },
          ...SHOWN,
        }),
      ),
    );
  registerEnds(silence, context);
}

function registerEnds(silence: Command, context: CliContext): void {
  silence
    .command('end <change> <silence>')
    .description('end a silence now')
    .option('--json', 'print the answer as JSON')
    .action(
      action(context, (id: string, number: string, options: Showing) =>
        askAndTell(context, options, {
          method: 'DELETE',
          path: addressOf(id, `/silences/${encodeURIComponent(number)}`),
          ...SHOWN,
        }),
      ),
    );
  silence
    .command('hand-over <change> <silence>')
    .description('hand a silence to the engineer on call, beyond the run')
    .requiredOption('--minutes <number>', 'for how long from now')
    .requiredOption('--because <text>', 'why it has to stay')
    .option('--json', 'print the answer as JSON')
    .action(
      action(context, (id: string, number: string, { minutes, because, ...options }: HandOptions) =>
        askAndTell(context, options, {
          method: 'POST',
          path: addressOf(id, `/silences/${encodeURIComponent(number)}/hand-over`),
          body: { minutes: Number(minutes), because },
          ...SHOWN,
        }),
      ),
    );
}

type Silence = SilenceList['silences'][number];

const outlives = ({ silences }: SilenceList) => (silences.some(({ state }) => state === 'outlives') ? 1 : 0);
const stateText = ({ state }: Silence) => (state === 'outlives' ? 'OUTLIVES ITS RUN' : state);
const labelsText = ({ matchers }: Silence) =>
  Object.entries(matchers)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');

const SHOWN = {
  answer: silenceList,
  lines: ({ silences }: SilenceList) =>
    silences.length === 0
      ? ['none']
      : table([
          ['SILENCE', 'STATE', 'UNTIL', 'OF', 'BY', 'FOR'],
          ...silences.map((one) => [
            one.id,
            stateText(one),
            one.endsAt,
            labelsText(one),
            one.handedTo ?? one.by,
            one.reason,
          ]),
        ]),
  status: outlives,
} as const;

const HIDING = {
  answer: hidingSilences,
  lines: ({ silences }: { readonly silences: readonly HidingSilence[] }) =>
    silences.length === 0
      ? ['none']
      : table([
          ['CHANGE', 'SILENCE', 'STATE', 'UNTIL', 'OF', 'HIDES NOW', 'BY', 'FOR'],
          ...silences.map((one) => [
            one.change,
            one.id,
            stateText(one),
            one.endsAt,
            labelsText(one),
            one.hides === null ? 'not known' : one.hides.join(', ') || 'nothing',
            one.handedTo ?? one.by,
            one.reason,
          ]),
        ]),
  status: outlives,
} as const;

function matchersOf(match: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    match.map((one) => {
      const [, name, value] = /^([^=]+)=(.+)$/s.exec(one) ?? [];
      if (name === undefined || value === undefined)
        throw new AppError('invalid', `expected \`label=value\`, got \`${one}\``);
      return [name, value];
    }),
  );
}
