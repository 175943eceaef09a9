import type { Command } from 'commander';
import { gateAnswer, type GateAnswer } from '../contract/gate.ts';
import { ACTIONS } from '../kernel/policy/rule.ts';
import { AppError } from '../contract/errors.ts';
import { action } from './action.ts';
import { choice } from './choice.ts';
import type { CliContext } from './context.ts';
import { kindFlags, kindOf, leftOut, withKindOptions, type KindOptions } from './kind-options.ts';
import { print } from './print.ts';
import { verdictLines } from './verdict-lines.ts';

interface Options extends KindOptions {
  readonly change?: string;
  readonly action?: string;
  readonly json?: boolean;
}

/** `interlock can`: asks the running server; a no is exit status 2. */
export function register(program: Command, context: CliContext): void {
  const can = program
    .command('can')
    .description('ask the server whether something may happen now; the answer is recorded');
  withKindOptions(can)
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
  if (!answer.allowed && options.change === undefined && options.json !== true)
    print(context, leftOut(options));
  return answer.allowed ? 0 : 2;
}

/** One of two questions. What belongs to the other one is refused: left out silently, the answer would be to another question. */
function questionOf(options: Options) {
  const { change, action: asked } = options;
  if (change === undefined) {
    if (asked !== undefined && asked !== 'ask')
      throw new AppError('invalid', `expected --change with --action ${asked}, got none`);
    return kindOf(options, ', or --change');
  }
  const beside = kindFlags(options);
  if (beside.length > 0)
    throw new AppError(
      'invalid',
      `expected --change or a kind of change, got --change with ${beside.join(', ')}`,
    );
  if (asked === 'ask') {
    throw new AppError(
      'invalid',
      'expected --change with schedule, start, step, rollback or complete, got `ask`',
    );
  }
  return { change, action: asked ?? 'start' };
}

function answerLines(answer: GateAnswer): string[] {
  const recorded = `recorded as entry ${answer.ledgerIndex}`;
  return [answer.allowed ? `yes (${recorded})` : `no (${recorded})`, ...verdictLines(answer)];
}
