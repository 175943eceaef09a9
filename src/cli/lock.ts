import type { Command } from 'commander';
import { LOCK_CATEGORIES, locks, lockView, type LockView } from '../contract/channel.ts';
import { LOCK_KINDS } from '../kernel/policy/facts.ts';
import { action } from './action.ts';
import { askAndTell, type Question, type Showing } from './ask-and-tell.ts';
import { choice } from './choice.ts';
import type { CliContext } from './context.ts';
import { table } from './table.ts';

interface LockOptions extends Showing {
  readonly kind: string;
  readonly environment: readonly string[];
  readonly category: string;
  readonly reason: string;
}

interface SpanOptions extends LockOptions {
  readonly start: string;
  readonly end: string;
}

interface EmergencyOptions extends LockOptions {
  readonly for: string;
}

/** `interlock lock propose|emergency|confirm|release|list` */
export function register(program: Command, context: CliContext): void {
  const lock = program.command('lock').description('production change locks beside those of the policy');
  withFields(lock.command('propose'))
    .description('propose a lock; it holds nothing until somebody else confirms it')
    .requiredOption('--start <instant>', 'when it begins')
    .requiredOption('--end <instant>', 'when it ends')
    .action(
      action(context, (options: SpanOptions) =>
        make(context, options, '', { start: options.start, end: options.end }),
      ),
    );
  withFields(lock.command('emergency'))
    .description('lock at once; somebody else confirms it afterwards')
    .requiredOption('--for <duration>', 'how long it holds, at most a day, such as `2 h`')
    .action(
      action(context, (options: EmergencyOptions) =>
        make(context, options, '/emergency', { timeToLive: options.for }),
      ),
    );
  registerSettling(lock, context);
  registerList(lock, context);
}

function registerList(lock: Command, context: CliContext): void {
  lock
    .command('list')
    .description('locks that have not ended, proposals too')
    .option('--json', 'print the answer as JSON')
    .action(
      action(context, (options: Showing) =>
        askAndTell(context, options, {
          method: 'GET',
          path: '/api/v1/locks',
          answer: locks,
          lines: (list) =>
            table([
              ['LOCK', 'KIND', 'STATE', 'FROM', 'UNTIL', 'ENVIRONMENTS', 'REASON'],
              ...list.locks.map(row),
            ]),
        }),
      ),
    );
}

function withFields(command: Command): Command {
  return command
    .requiredOption('--kind <kind>', LOCK_KINDS.join(' or '), choice('a kind', LOCK_KINDS))
    .requiredOption('--environment <name>', 'where it holds; may be given again', collect, [])
    .option(
      '--category <category>',
      LOCK_CATEGORIES.join(', '),
      choice('a category', LOCK_CATEGORIES),
      'other',
    )
    .requiredOption('--reason <text>', 'why')
    .option('--json', 'print the answer as JSON');
}

function collect(name: string, before: readonly string[]): readonly string[] {
  return [...before, name];
}

function make(
  context: CliContext,
  { kind, environment, category, reason, json }: LockOptions,
  where: '' | '/emergency',
  span: Readonly<Record<string, string>>,
): Promise<number> {
  return askAndTell(
    context,
    { json: json === true },
    {
      method: 'POST',
      path: `/api/v1/locks${where}`,
      body: { kind, environments: environment, category, reason, ...span },
      ...shown,
    },
  );
}

function registerSettling(lock: Command, context: CliContext): void {
  const acts = {
    confirm: 'confirm a lock that somebody else asked for',
    release: 'release a lock before its end, as somebody other than who asked for it',
  };
  for (const [act, description] of Object.entries(acts)) {
    lock
      .command(`${act} <lock>`)
      .description(description)
      .option('--json', 'print the answer as JSON')
      .action(
        action(context, (id: string, options: Showing) =>
          askAndTell(context, options, {
            method: 'POST',
            path: `/api/v1/locks/${encodeURIComponent(id)}/${act}`,
            ...shown,
          }),
        ),
      );
  }
}

const shown: Pick<Question<LockView>, 'answer' | 'lines'> = {
  answer: lockView,
  lines: ({ id, kind, state, start, end, warnings }) => [
    `${id}, a ${kind} lock, ${state}: ${start} to ${end}`,
    ...warnings.map((warning) => `  mind: ${warning}`),
  ],
};

function row({ id, kind, state, start, end, environments, reason }: LockView): string[] {
  return [id, kind, state, start, end, environments.join(' '), reason.replaceAll(/\s+/g, ' ')];
}
