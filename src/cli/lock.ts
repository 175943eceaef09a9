import type { Command } from 'commander';
import { LOCK_CATEGORIES, lockView } from '../contract/locks.ts';
import { LOCK_KINDS } from '../kernel/policy/facts.ts';
import { WHO_MAY_LOCK } from '../kernel/policy/lock-authority.ts';
import { action } from './action.ts';
import { askAndTell, type Showing } from './ask-and-tell.ts';
import { choice } from './choice.ts';
import type { CliContext } from './context.ts';
import { impactQuestion, lockLines } from './lock-lines.ts';
import { registerReading } from './lock-list.ts';

interface LockOptions extends Showing {
  readonly kind: string;
  readonly environment: readonly string[];
  readonly category: string;
  readonly reason: string;
}

interface WhenOptions extends LockOptions {
  readonly first?: string;
  readonly last?: string;
  readonly start?: string;
  readonly end?: string;
  readonly rule?: string;
  readonly starting?: string;
  readonly days?: string;
}

interface EditOptions extends WhenOptions {
  readonly version: string;
}

interface EmergencyOptions extends LockOptions {
  readonly for: string;
}

interface ConfirmOptions extends Showing {
  readonly digest?: string;
}

const WHO = `
Who may: ${WHO_MAY_LOCK}; no service account.
Who confirms: another human of these than whoever wrote the text (interlock lock confirm LOCK).`;

/** `interlock lock preview|propose|edit|emergency|confirm|release|list|history` */
export function register(program: Command, context: CliContext): void {
  const lock = program.command('lock').description('production change locks beside those of the policy');
  withWhen(lock.command('preview'))
    .description('what a lock would block, before it is proposed; nothing is saved')
    .option('--edits <lock>', 'the lock that this would be another text of')
    .action(
      action(context, (options: WhenOptions & { readonly edits?: string }) =>
        askAndTell(context, options, {
          method: 'POST',
          path: '/api/v1/locks/preview',
          body: { ...bodyOf(options), ...(options.edits !== undefined && { edits: options.edits }) },
          ...impactQuestion,
        }),
      ),
    );
  withWhen(lock.command('propose'))
    .description('propose a lock; it holds nothing until somebody else confirms it')
    .addHelpText('after', WHO)
    .action(action(context, (options: WhenOptions) => make(context, options, '', bodyOf(options))));
  withWhen(lock.command('edit <lock>'))
    .description('propose another text for a lock; it holds as it was until somebody else confirms that')
    .requiredOption('--version <number>', 'the version that you saw')
    .addHelpText('after', WHO)
    .action(
      action(context, (id: string, options: EditOptions) =>
        make(context, options, `/${encodeURIComponent(id)}/edits`, {
          ...bodyOf(options),
          version: Number(options.version),
        }),
      ),
    );
  withFields(lock.command('emergency'))
    .description('lock at once; somebody else confirms it afterwards')
    .requiredOption('--for <duration>', 'how long it holds, at most a day, such as `2 h`')
    .addHelpText('after', WHO)
    .action(
      action(context, (options: EmergencyOptions) =>
        make(context, options, '/emergency', { ...textOf(options), timeToLive: options.for }),
      ),
    );
  registerSettling(lock, context);
  registerReading(lock, context);
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

function withWhen(command: Command): Command {
  return withFields(command)
    .option('--first <day>', 'its first day; the lock takes at 09:00 UTC')
    .option('--last <day>', 'its last day; the lock releases at 09:00 UTC on the day after')
    .option('--start <instant>', 'when it begins, where that is no whole day')
    .option('--end <instant>', 'when it ends')
    .option('--rule <rule>', 'days that come again, by RFC 5545: `FREQ=MONTHLY;BYMONTHDAY=22`')
    .option('--starting <day>', 'the day from which the rule counts')
    .option('--days <number>', 'how many days each occurrence lasts', '1');
}

function collect(name: string, before: readonly string[]): readonly string[] {
  return [...before, name];
}

function textOf({ kind, environment, category, reason }: LockOptions) {
  return { kind, environments: environment, category, reason };
}

/** What was given of when; the server says what is missing. */
function bodyOf(options: WhenOptions): Readonly<Record<string, unknown>> {
  const { first, last, start, end, rule, starting, days } = options;
  const recurs = rule === undefined ? undefined : { rule, starting, days: Number(days) };
  return { ...textOf(options), first, last, start, end, recurs };
}

function make(
  context: CliContext,
  { json }: Showing,
  where: string,
  body: Readonly<Record<string, unknown>>,
): Promise<number> {
  return askAndTell(
    context,
    { json: json === true },
    {
      method: 'POST',
      path: `/api/v1/locks${where}`,
      body,
      answer: lockView,
      lines: lockLines,
    },
  );
}

function registerSettling(lock: Command, context: CliContext): void {
  lock
    .command('confirm <lock>')
    .description(
      'confirm the text of a lock that somebody else wrote; without a digest, show what it would do',
    )
    .option('--digest <digest>', 'digest of the text that you were shown')
    .addHelpText('after', WHO)
    .option('--json', 'print the answer as JSON')
    .action(
      action(context, (id: string, { digest, json }: ConfirmOptions) => {
        const path = `/api/v1/locks/${encodeURIComponent(id)}`;
        const showing = { json: json === true };
        if (digest === undefined)
          return askAndTell(context, showing, {
            method: 'GET',
            path: `${path}/impact`,
            ...impactQuestion,
            lines: (impact) => [
              ...impactQuestion.lines(impact),
              `To confirm this very text: interlock lock confirm ${id} --digest ${impact.digest}`,
            ],
          });
        const body = { digest };
        return askAndTell(context, showing, {
          method: 'POST',
          path: `${path}/confirm`,
          body,
          answer: lockView,
          lines: lockLines,
        });
      }),
    );
  lock
    .command('release <lock>')
    .description('release a lock before its end, as somebody other than who asked for it')
    .requiredOption('--reason <text>', 'why')
    .option('--json', 'print the answer as JSON')
    .action(
      action(context, (id: string, { reason, ...options }: Showing & { readonly reason: string }) =>
        askAndTell(context, options, {
          method: 'POST',
          path: `/api/v1/locks/${encodeURIComponent(id)}/release`,
          body: { reason },
          answer: lockView,
          lines: lockLines,
        }),
      ),
    );
}
