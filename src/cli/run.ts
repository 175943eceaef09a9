import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Option, type Command } from 'commander';
import { handoverAt, makeHandover, type Handover } from '../runner/handover.ts';
import { stateFolder } from '../runner/state-folder.ts';
import {
  attachSession,
  multiplexerOf,
  sessionExists,
  sessionName,
  sessionVariable,
  startSession,
  tmuxInstalled,
  tmuxSocket,
  type TmuxSession,
} from '../runner/tmux.ts';
import { action } from './action.ts';
import { AppError } from '../contract/errors.ts';
import type { ClientOptions } from './client.ts';
import type { CliContext } from './context.ts';
import { credentials, onBastion, type CredentialOptions } from './credentials.ts';
import { followLog } from './follow-log.ts';
import { note } from './print.ts';
import type { RunWish } from './run-here.ts';

interface RunOptions {
  readonly tmux: boolean;
  readonly attach: boolean;
  readonly takeOver?: boolean;
  readonly wait?: boolean;
  readonly acknowledge: readonly string[];
  readonly scripts?: string;
  readonly inside?: string;
}

/** `interlock run CHG-12` */
export function register(program: Command, context: CliContext): void {
  program
    .command('run <change>')
    .description(
      'execute a change on this bastion, inside tmux, with a net under every step; joins the session where one runs',
    )
    .option('--take-over', 'take over a run whose runner was lost')
    .option('--wait', 'where only time refuses the start: stay here, and start when it clears, one by one')
    .option(
      '--acknowledge <change>',
      'another running change that you know of; may be given again',
      collect,
      [],
    )
    .option('--scripts <folder>', "take the plan's scripts from this folder instead of from the server")
    .option('--no-tmux', 'stay in this terminal; the policy refuses that where a script needs a multiplexer')
    .option('--no-attach', 'do not show the session, follow its lines')
    .addOption(new Option('--inside <folder>', 'used by the session itself').hideHelp())
    .addHelpText(
      'after',
      '\nExit status: 0 complete, 1 failed, rolled back or left, 2 refused, 3 invalid input.',
    )
    .action(action(context, (change: string, options: RunOptions) => run(program, context, change, options)));
}

async function run(
  program: Command,
  context: CliContext,
  change: string,
  options: RunOptions,
): Promise<number> {
  if (!/^CHG-[1-9]\d{0,17}$/.test(change)) {
    throw new AppError('invalid', `expected a change such as \`CHG-12\`, got \`${change}\``);
  }
  const { takeOver = false, wait = false, acknowledge: acknowledges } = options;
  if (takeOver && wait) throw new AppError('invalid', 'expected --wait or --take-over, got both');
  const wish = { change, acknowledges, takeOver, wait };
  const scripts = options.scripts === undefined ? null : resolve(context.cwd, options.scripts);
  if (options.inside !== undefined) {
    const { runInside } = await import('./run-inside.ts');
    return runInside(context, options.inside, { wish, scripts });
  }
  const who = onBastion(credentials(program.opts<CredentialOptions>(), context.env));
  if (!options.tmux || multiplexerOf(context.env) !== null) {
    const { runHere } = await import('./run-here.ts');
    const { runnerSetting } = await import('./runner-setting.ts');
    const setting = runnerSetting(context, { who, env: context.env, scripts, log: null });
    return (await runHere(context, setting, wish)).status;
  }
  return runInSession(context, who, { wish, scripts, attach: options.attach && context.interactive });
}

interface Wanted {
  readonly wish: RunWish;
  readonly scripts: string | null;
  readonly attach: boolean;
}

/** Joins the session of the change's name, or starts one and shows it, or follows its lines where there is no terminal. */
async function runInSession(context: CliContext, who: ClientOptions, wanted: Wanted): Promise<number> {
  const { change } = wanted.wish;
  if (!(await tmuxInstalled())) {
    throw new AppError('invalid', 'expected tmux on the path, got none: install it, or use --no-tmux');
  }
  const session = { socket: tmuxSocket(context.env), name: sessionName(change) };
  if (await sessionExists(session)) return joinSession(context, session, wanted);
  const handover = makeHandover(stateFolder(context.env), change, {
    ...context.env,
    INTERLOCK_URL: who.url,
    ...(who.token !== null && { INTERLOCK_TOKEN: who.token }),
    ...(who.bastionKey !== null && { INTERLOCK_BASTION_KEY: who.bastionKey }),
  });
  const argv = [
    process.execPath,
    interlockProgram(),
    'run',
    change,
    '--inside',
    handover.folder,
    ...flags(wanted),
  ];
  await startSession(session, argv, { cwd: context.cwd, env: { [HANDOVER]: handover.folder } });
  return wanted.attach ? showSession(context, session, handover) : followLog(context, session, handover);
}

/** Where the session keeps what passes between its runner and whoever shows it; a path, no secret. */
const HANDOVER = 'INTERLOCK_HANDOVER';

/** Shows the session that is there already, and answers how its run ends, as to who started it. */
async function joinSession(context: CliContext, session: TmuxSession, wanted: Wanted): Promise<number> {
  const { change, takeOver } = wanted.wish;
  const way = `interlock attach ${change}`;
  if (takeOver) {
    throw new AppError(
      'conflict',
      `expected no session of ${change} here while its run is taken over, got one: ${way}`,
    );
  }
  if (!wanted.attach) {
    throw new AppError(
      'conflict',
      `expected a terminal to join the session of ${change} that is here, got none: ${way} in a terminal`,
    );
  }
  const folder = await sessionVariable(session, HANDOVER);
  note(context, `joining the session of ${change} that is here`);
  if (folder !== null) return showSession(context, session, handoverAt(folder));
  await attachSession(session);
  return 1;
}

/** Shows the session; once it is detached from, it goes on without us. */
async function showSession(context: CliContext, session: TmuxSession, handover: Handover): Promise<number> {
  await attachSession(session);
  if (await sessionExists(session)) {
    note(context, `detached: the run goes on; interlock attach ${session.name} shows it again`);
    return 1;
  }
  return followLog(context, session, handover);
}

function flags({ wish, scripts }: Wanted): string[] {
  return [
    ...(wish.takeOver ? ['--take-over'] : []),
    ...(wish.wait ? ['--wait'] : []),
    ...wish.acknowledges.flatMap((other) => ['--acknowledge', other]),
    ...(scripts === null ? [] : ['--scripts', scripts]),
  ];
}

/** The program's own file: two levels up in a checkout, three in a published build. */
function interlockProgram(): string {
  const near = fileURLToPath(new URL('../../bin/interlock.js', import.meta.url));
  return existsSync(near) ? near : fileURLToPath(new URL('../../../bin/interlock.js', import.meta.url));
}

function collect(value: string, sofar: readonly string[]): readonly string[] {
  return [...sofar, ...value.split(',').filter((one) => one !== '')];
}
