import { randomUUID } from 'node:crypto';
import { constants, hostname } from 'node:os';
import { createInterface } from 'node:readline/promises';
import type { Command } from 'commander';
import type { GuardedEnd, GuardedReport, GuardedTarget } from '../contract/guarded-commands.ts';
import { AppError } from '../contract/errors.ts';
import { action } from './action.ts';
import type { CliContext } from './context.ts';
import { credentials, onBastion, type CredentialOptions } from './credentials.ts';
import { plainLine } from './plain-line.ts';
import { note } from './print.ts';

const ATTEMPTS = 3;

/** A name that only the program knows, such as an alias of ssh, is found in no argument. */
const AT_THIS_HOST =
  '  this host, for no argument is a name that leads to another: where it acts elsewhere, say --target';

interface Options {
  readonly incident?: string;
  readonly observer?: string;
  readonly target: readonly string[];
  readonly confirm?: string;
}

/** `interlock guard -- COMMAND…` */
export function register(program: Command, context: CliContext): void {
  program
    .command('guard <command...>')
    .description('run a command by hand while an incident burns: shows its target, asks for it, records it')
    .option('--incident <id>', 'the incident that it is for (the one that is active, if there is one alone)')
    .option('--observer <person>', 'who looks on')
    .option(
      '--target <name>',
      'what it acts on, where its arguments do not say; may be given again',
      collect,
      [],
    )
    .option('--confirm <names>', 'the target, typed beforehand, where there is no terminal')
    .addHelpText(
      'after',
      `
The command comes after \`--\` and is run by its arguments, without a shell, in this terminal. It is written down on this
host before it begins; the server is told when it can be, and \`interlock guarded\` lists it for review. Nothing of
the policy is asked: this is for who resolves an incident (for all else: interlock run).
Exit status: that of the command; 128 and the signal's number where a signal ended it; 2 the target was not confirmed.`,
    )
    .action(
      action(context, async (argv: string[], options: Options) => {
        const who = onBastion(credentials(program.opts<CredentialOptions>(), context.env));
        return guard(context, argv, { ...options, secrets: [who.token, who.bastionKey] });
      }),
    );
}

type Guarding = Options & { readonly secrets: readonly (string | null)[] };

async function guard(context: CliContext, argv: readonly string[], options: Guarding): Promise<number> {
  const { targetsOf } = await import('../runner/guard/targets.ts');
  const targets = await targetsOf(argv, options.target);
  showTargets(context, targets);
  if (options.target.length === 0 && targets.every(({ name }) => name === hostname()))
    note(context, AT_THIS_HOST);
  if (!(await confirmed(context, targets, options.confirm))) {
    note(context, 'not confirmed: nothing was run');
    return 2;
  }
  const { incident = null, observer = null } = options;
  const begun: GuardedReport = {
    incident,
    observer,
    targets,
    argv: await masked(argv, options.secrets),
    startedAt: new Date().toISOString(),
    ended: null,
  };
  const book = await openBook(context);
  const key = randomUUID();
  book.write(key, begun);
  // Told while the command runs: whoever resolves an incident does not wait for the server.
  const telling = book.tell();
  const { performGuarded } = await import('../runner/guard/perform.ts');
  const ended = await performGuarded(argv, context.env);
  book.write(key, { ...begun, ended });
  await telling;
  const left = await book.tell();
  if (left > 0)
    note(context, `the server was not told of ${left} yet; they are kept here: interlock guarded upload`);
  return statusOf(context, ended);
}

function showTargets(context: CliContext, targets: readonly GuardedTarget[]): void {
  note(context, `on ${hostname()}, by hand:`);
  for (const { name, addresses } of targets) {
    const leads = addresses.length === 0 ? 'leads nowhere' : `is ${addresses.join(', ')}`;
    note(context, plainLine(`  ${name} ${leads}`));
  }
}

/** Whether the person types what the command acts on: every target, in any order, between spaces. */
async function confirmed(
  context: CliContext,
  targets: readonly GuardedTarget[],
  given: string | undefined,
): Promise<boolean> {
  const names = targets.map(({ name }) => name);
  if (given !== undefined) return sameNames(given, names);
  if (!context.interactive)
    throw new AppError('invalid', 'expected a terminal to type the target at, or --confirm, got neither');
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      if (
        sameNames(await lines.question(names.length > 1 ? 'type all targets: ' : 'type the target: '), names)
      )
        return true;
    }
    return false;
  } catch {
    return false;
  } finally {
    lines.close();
  }
}

function sameNames(typed: string, names: readonly string[]): boolean {
  const said = typed.split(/[\s,]+/).filter((name) => name !== '');
  return said.toSorted().join(' ') === names.toSorted().join(' ');
}

interface Book {
  write(key: string, report: GuardedReport): void;
  /** Sends what was not sent; gives how many are left. */
  tell(): Promise<number>;
}

/** A bastion whose disk is full must not stand in the way of who frees it: then it is said, and the server is told alone. */
async function openBook(context: CliContext): Promise<Book> {
  const { openNotebook } = await import('../runner/guard/notebook.ts');
  const { stateFolder } = await import('../runner/state-folder.ts');
  const { sendGuarded, sendNotebook } = await import('./send-guarded.ts');
  const notebook = openNotebook(stateFolder(context.env));
  const loose = new Map<string, GuardedReport>();
  return {
    write: (key, report) => {
      try {
        notebook.write(key, report);
      } catch (error) {
        loose.set(key, report);
        note(
          context,
          `! not written down on this host: ${error instanceof Error ? error.message : 'it failed'}`,
        );
      }
    },
    tell: async () => {
      let left = await sendNotebook(context, notebook);
      for (const [key, report] of loose) if (!(await sendGuarded(context, key, report))) left += 1;
      return left;
    },
  };
}

/** The arguments without what looks like a secret, and without our own. */
async function masked(argv: readonly string[], own: readonly (string | null)[]): Promise<string[]> {
  const { secretIn, secretOption } = await import('../plan/secret.ts');
  const { redactText } = await import('../runner/redact.ts');
  const secrets = own.filter((secret) => secret !== null);
  const option = secretOption(argv);
  return argv.map((argument, index) =>
    index === option || secretIn(argument, []) !== null ? '[masked]' : redactText(argument, secrets),
  );
}

function statusOf(context: CliContext, { exitCode, signal, notStarted }: GuardedEnd): number {
  if (notStarted !== null) note(context, `the command was not begun: ${notStarted}`);
  if (exitCode !== null) return exitCode;
  return signal === null ? 127 : 128 + (constants.signals[signal as NodeJS.Signals] ?? 0);
}

function collect(value: string, sofar: readonly string[]): readonly string[] {
  return [...sofar, value];
}
