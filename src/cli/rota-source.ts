import type { Command } from 'commander';
import { AppError } from '../contract/errors.ts';
import { rotaName } from '../contract/people.ts';
import { rotaSource, rotaSources, type RotaSource } from '../contract/rota-sources.ts';
import { action } from './action.ts';
import { askAndTell, type Question, type Showing } from './ask-and-tell.ts';
import { choice } from './choice.ts';
import type { CliContext } from './context.ts';

interface AddOptions extends Showing {
  readonly map: readonly Mapping[];
  readonly zone?: string;
  readonly format?: string;
}

type Mapping = { readonly person: string } & (
  { readonly email: string } | { readonly account: string } | { readonly summary: string }
);

const aRota = choice('a rota', rotaName.options);

/** `interlock rota source add|import|remove|list` */
export function registerRotaSources(rota: Command, context: CliContext): void {
  const source = rota
    .command('source')
    .description('schedules, calendars and timelines elsewhere that set rotas');
  source
    .command('add <rota> <source>')
    .description(
      'have a schedule of a peer (pagerduty:PI7DH85), a file of the server (rota-files:eoc), or what is at an address, set a rota, in the place of a former one',
    )
    .option(
      '--map <event -> account>',
      'whom an event stands for, by its summary, an e-mail or the peer’s id: `Cora (primary) -> cora`, `cora@example.com -> cora`, `id:PXPGF42 -> cora`; may be given again',
      mappings,
      [],
    )
    .option('--format <name>', 'of what is at the address: icalendar, or a timeline as JSON', 'icalendar')
    .option('--zone <name>', 'of times and days that name none, such as Europe/Berlin')
    .option('--json', 'print the answer as JSON')
    .action(
      action(context, (name: string, place: string, { map, zone, format, json }: AddOptions) =>
        askAndTell(context, json === undefined ? {} : { json }, {
          method: 'PUT',
          path: sourcePath(name),
          body: { ...placeOf(place, { zone, format }), people: map },
          ...shown,
        }),
      ),
    );
  const acts = {
    import: { method: 'POST', rest: '/import', description: 'read the source of a rota now' },
    remove: {
      method: 'DELETE',
      rest: '',
      description: 'end that a source sets a rota; nobody is on call until somebody is set',
    },
  } as const;
  for (const [act, { method, rest, description }] of Object.entries(acts)) {
    source
      .command(`${act} <rota>`)
      .description(description)
      .option('--json', 'print the answer as JSON')
      .action(
        action(context, (name: string, options: Showing) =>
          askAndTell(context, options, { method, path: sourcePath(name) + rest, ...shown }),
        ),
      );
  }
  registerList(source, context);
}

function registerList(source: Command, context: CliContext): void {
  source
    .command('list', { isDefault: true })
    .description('how fresh each is, and what it leaves open')
    .option('--json', 'print the answer as JSON')
    .action(
      action(context, (options: Showing) =>
        askAndTell(context, options, {
          method: 'GET',
          path: '/api/v1/rota/sources',
          answer: rotaSources,
          lines: ({ sources }) =>
            sources.length === 0 ? ['nothing elsewhere sets a rota'] : sources.flatMap(sourceLines),
        }),
      ),
    );
}

function sourcePath(name: string): string {
  return `/api/v1/rota/sources/${aRota(name)}`;
}

/** `pagerduty:PI7DH85`, or an address. */
function placeOf(
  place: string,
  { zone, format }: { readonly zone: string | undefined; readonly format: string | undefined },
) {
  const [, connection, schedule] = /^([a-z][a-z0-9-]*):([\w-]+)$/.exec(place) ?? [];
  if (connection !== undefined && schedule !== undefined) return { connection, schedule };
  return { url: place, format, ...(zone !== undefined && { zone }) };
}

function mappings(text: string, before: readonly Mapping[]): readonly Mapping[] {
  const at = text.lastIndexOf('->');
  const [event, person] = [text.slice(0, at).trim(), text.slice(at + 2).trim()];
  if (at < 1 || event === '' || person === '') {
    throw new AppError('invalid', `expected an event and an account, \`Cora -> cora\`, got \`${text}\``);
  }
  if (event.startsWith('id:')) return [...before, { account: event.slice('id:'.length), person }];
  const mapping = /^\S+@\S+$/.test(event) ? { email: event, person } : { summary: event, person };
  return [...before, mapping];
}

const shown: Pick<Question<RotaSource>, 'answer' | 'lines'> = { answer: rotaSource, lines: sourceLines };

function sourceLines(source: RotaSource): string[] {
  const { rota, host, schedule, failure, goodAt, goodUntil, lapsed, unmapped, overrides } = source;
  const read =
    goodAt === null
      ? 'never read'
      : `read at ${goodAt}, ${lapsed ? 'not relied on since' : 'stands until'} ${goodUntil}`;
  return [
    `${rota} from ${host}${schedule === null ? '' : ` (${schedule})`}: ${read}`,
    ...(failure === null ? [] : [`  the last attempt failed: ${failure}`]),
    ...overrides.map(
      ({ person, start, end }) => `  ${person} from ${start} until ${end}: an override of ${host}`,
    ),
    ...unmapped.map(
      ({ summary, start, end, because }) =>
        `  nobody ${start === null ? '' : `from ${start} until ${end} `}by \`${summary}\`: ${because}`,
    ),
  ];
}
