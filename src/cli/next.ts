import { InvalidArgumentError, Option, type Command } from 'commander';
import { DAY_MS, MINUTE_MS } from '../kernel/calendar/hours.ts';
import { formatInstant, parseInstant } from '../kernel/calendar/instant.ts';
import { openings, type Opening, type OpeningSearch } from '../kernel/calendar/opening.ts';
import { CRITICALITIES, STAGES, type Criticality, type Stage } from '../kernel/policy/facts.ts';
import type { Policy } from '../kernel/policy/policy.ts';
import type { CliContext } from './context.ts';
import { guarded, InvalidInput } from './input.ts';
import { calendarText } from './next-calendar.ts';
import { loadPolicy } from './policy-source.ts';

type Options = {
  readonly criticality: Criticality;
  readonly minutes: number;
  readonly days: number;
  readonly from?: number;
  readonly environment?: string;
  readonly deployment?: Stage;
  readonly policy?: string;
  readonly json?: boolean;
};

const MOST_OPENINGS = 500;

/** `interlock next`: when hours and locks of the policy leave room, as a small calendar. */
export function register(program: Command, context: CliContext): void {
  program
    .command('next')
    .description('the openings of the next days: hours and locks of the policy, offline')
    .addOption(new Option('--criticality <level>', 'of the change').choices([...CRITICALITIES]).default('C2'))
    .option('--minutes <number>', 'how long it takes with its rollback', positive, 60)
    .option('--days <number>', 'how many days to look at', positive, 7)
    .option('--from <instant>', 'where to begin, instead of now', instantArgument)
    .option('--environment <name>', 'instead of the first operational one of the policy')
    .addOption(new Option('--deployment <stage>', 'it ships code').choices([...STAGES]))
    .option('--policy <file>', 'the policy to ask, instead of the shipped one')
    .option('--json', 'the openings as one line of JSON')
    .action((options: Options) => guarded(context, () => run(context, options)));
}

async function run(context: CliContext, options: Options): Promise<number> {
  const { policy } = await loadPolicy(context, options.policy);
  const environment = environmentOf(policy, options);
  const search = searchOf(policy, environment, options);
  const found = openings(search, MOST_OPENINGS);
  if (options.json === true) {
    const written = found.map(({ first, last }) => ({
      first: formatInstant(first),
      last: formatInstant(last),
    }));
    context.stdout(`${JSON.stringify({ environment, minutes: options.minutes, openings: written })}\n`);
  } else {
    const what = `${options.criticality}${options.deployment === undefined ? '' : ` ${options.deployment} deployment`} of ${options.minutes} minutes in ${environment}`;
    context.stdout(`${calendarText(what, found, search)}${firstOpening(found)}\n`);
  }
  return 0;
}

function firstOpening(found: readonly Opening[]): string {
  const [first] = found;
  return first === undefined
    ? 'No opening in these days.'
    : `Next opening: ${formatInstant(first.first)}, last start in it ${formatInstant(first.last)}.`;
}

/** What is asked of the calendar: whole minutes, so that an opening can be told to a person. */
function searchOf(policy: Policy, environment: string, options: Options): OpeningSearch {
  const { criticality, deployment, minutes, days, from: wanted = Date.now() } = options;
  const from = Math.ceil(wanted / MINUTE_MS) * MINUTE_MS;
  const locks = policy.locks.get(environment);
  const soft =
    deployment !== 'canary' &&
    policy.criticalities[criticality].asks.has('soft-lock') &&
    stops(policy, 'soft-lock');
  const hard = stops(policy, 'hard-lock');
  return {
    from,
    until: from + days * DAY_MS - MINUTE_MS,
    lengthMs: minutes * MINUTE_MS,
    hours: stops(policy, 'allowed-hours') ? policy.criticalities[criticality].hours : null,
    blocked:
      locks === undefined
        ? []
        : [...(soft ? [{ list: locks.soft }] : []), ...(hard ? [{ list: locks.hard }] : [])],
  };
}

function stops(policy: Policy, rule: 'soft-lock' | 'hard-lock' | 'allowed-hours'): boolean {
  return policy.rules[rule].level === 'deny';
}

function environmentOf({ environments }: Policy, { environment }: Options): string {
  const operational = [...environments].filter(([, one]) => one.operational).map(([name]) => name);
  const name = environment ?? operational[0];
  if (name !== undefined && operational.includes(name)) return name;
  const message = `expected one of ${operational.map((one) => `\`${one}\``).join(', ')}, got \`${String(name)}\``;
  throw new InvalidInput([{ file: '--environment', line: 1, column: 1, message }]);
}

function positive(text: string): number {
  const value = Number(text);
  if (!/^\d{1,6}$/.test(text) || value < 1)
    throw new InvalidArgumentError('expected a whole number above 0.');
  return value;
}

function instantArgument(text: string): number {
  const value = parseInstant(text);
  if (value === null) throw new InvalidArgumentError('expected an instant such as 2026-11-17T22:00:00Z.');
  return value;
}
