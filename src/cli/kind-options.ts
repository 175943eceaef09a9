import type { Command } from 'commander';
import { CRITICALITIES, SEVERITIES, STAGES } from '../kernel/policy/facts.ts';
import { AppError } from '../contract/errors.ts';
import { choice, wholeNumber } from './choice.ts';

/** What is said on the command line of a kind of change. */
export interface KindOptions {
  readonly environment?: string;
  readonly criticality?: string;
  readonly severity?: string;
  readonly deployment?: string;
  readonly service: readonly string[];
  readonly minutes?: number;
  readonly rollback?: number;
}

const MOST_MINUTES = 1_000_000;
const minutes = wholeNumber('minutes', 0, MOST_MINUTES);

/** Adds the options that say what kind of change it is. */
export function withKindOptions(command: Command): Command {
  return command
    .option('--environment <name>', 'where')
    .option('--criticality <level>', CRITICALITIES.join(', '), choice('a criticality', CRITICALITIES))
    .option('--severity <level>', SEVERITIES.join(', '), choice('a severity', SEVERITIES))
    .option('--deployment <stage>', 'a deployment: canary or production', choice('a stage', STAGES))
    .option(
      '--service <name>',
      'a service it touches; may be given again',
      (one, all: string[]) => [...all, one],
      [],
    )
    .option(
      '--minutes <number>',
      'how long it takes; where hours or locks hold no yes is given without it',
      minutes,
    )
    .option('--rollback <number>', 'how long it takes to undo; the same', minutes);
}

/** The options of a kind of change that were given. */
export function kindFlags({ service, ...others }: KindOptions): string[] {
  const named = FLAGS.filter((flag) => others[flag] !== undefined);
  return [...named, ...(service.length > 0 ? ['service'] : [])].map((flag) => `--${flag}`);
}

const FLAGS = ['environment', 'criticality', 'severity', 'deployment', 'minutes', 'rollback'] as const;

/** What a refusal of a kind of change ends with where something that rules count by was left out. */
export function leftOut({ minutes: estimate, rollback }: KindOptions): string[] {
  const flags = [
    ...(estimate === undefined ? ['--minutes'] : []),
    ...(rollback === undefined ? ['--rollback'] : []),
  ];
  return flags.length === 0
    ? []
    : [`Asked without ${flags.join(' and ')}: a rule that counts by it says no.`];
}

/** The kind of change as the server is asked about it. @throws {AppError} `invalid` where something is missing. */
export function kindOf(options: KindOptions, instead = '') {
  const { environment, criticality, severity, deployment, service } = options;
  if (environment === undefined || criticality === undefined || severity === undefined) {
    throw new AppError(
      'invalid',
      `expected --environment, --criticality and --severity${instead}, got not all of them`,
    );
  }
  return {
    environment,
    criticality,
    severity,
    deployment,
    services: service.length === 0 ? undefined : service,
    estimateMinutes: options.minutes,
    rollbackMinutes: options.rollback,
  };
}
