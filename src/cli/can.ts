import type { Command } from 'commander';
import { gateAnswer, type GateAnswer } from '../contract/gate.ts';
import { CRITICALITIES, SEVERITIES, STAGES } from '../kernel/policy/facts.ts';
import { ACTIONS } from '../kernel/policy/rule.ts';
import { AppError } from '../contract/errors.ts';
import { action } from './action.ts';
import { choice, wholeNumber } from './choice.ts';
import type { CliContext } from './context.ts';
import { print } from './print.ts';
import { verdictLines } from './verdict-lines.ts';

interface Options {
  readonly environment?: string;
  readonly criticality?: string;
  readonly severity?: string;
  readonly deployment?: string;
  readonly service: readonly string[];
  readonly minutes?: number;
  readonly rollback?: number;
  readonly change?: string;
  readonly action?: string;
  readonly json?: boolean;
}

const MOST_MINUTES = 1_000_000;
const minutes = wholeNumber('minutes', 0, MOST_MINUTES);

/** `interlock can`: asks the running server; a no is exit status 2. */
export function register(program: Command, context: CliContext): void {
  program
    .command('can')
    .description('ask the server whether something may happen now; the answer is recorded')
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
    .option('--minutes <number>', 'how long it takes', minutes)
    .option('--rollback <number>', 'how long it takes to undo', minutes)
    .option('--change <id>', 'instead: a request, such as CHG-12')
    .option(
      '--action <action>',
      'with --change: schedule, start, step, rollback, complete',
      choice('an action', ACTIONS),
    )
    .option('--json', 'print the answer as JSON')
    .action(action(context, (options: Options) => ask(context, options)));
}

async function ask(context: CliContext, options: Options): Promise<0 | 2> {
  const answer = await context.client().ask('POST', '/api/v1/decisions', {
    body: questionOf(options),
    answer: gateAnswer,
  });
  print(context, options.json === true ? JSON.stringify(answer) : answerLines(answer));
  return answer.allowed ? 0 : 2;
}

function questionOf(options: Options) {
  const { change, service, minutes: estimateMinutes, rollback: rollbackMinutes } = options;
  if (change !== undefined) return { change, action: options.action ?? 'start' };
  const { environment, criticality, severity, deployment } = options;
  if (environment === undefined || criticality === undefined || severity === undefined) {
    throw new AppError(
      'invalid',
      'expected --environment, --criticality and --severity, or --change, got not all of them',
    );
  }
  return {
    environment,
    criticality,
    severity,
    deployment,
    services: service.length === 0 ? undefined : service,
    estimateMinutes,
    rollbackMinutes,
  };
}

function answerLines(answer: GateAnswer): string[] {
  const recorded = `recorded as entry ${answer.ledgerIndex}`;
  return [answer.allowed ? `yes (${recorded})` : `no (${recorded})`, ...verdictLines(answer)];
}
