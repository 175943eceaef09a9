import { Command, CommanderError } from 'commander';
import { AppError, errorEntry, type ExitStatus } from '../contract/errors.ts';
import { loginOptions } from './by-login.ts';
import { CHANGE_COMMANDS } from './change-commands.ts';
import { filesFor, type CommandFile } from './command-file.ts';
import { finishHelp, withHelpOfTheHouse } from './help.ts';
import { createClient } from './client.ts';
import type { CliContext } from './context.ts';
import { credentials, withoutToken, type CredentialOptions } from './credentials.ts';
import { RUN_COMMANDS } from './run-commands.ts';

/** Every command, one file each, in the order in which help lists them. */
export const COMMANDS: readonly CommandFile[] = [
  { names: ['serve'], load: () => import('./serve.ts') },
  { names: ['demo'], load: () => import('./demo.ts') },
  { names: ['doctor'], load: () => import('./doctor.ts') },
  { names: ['setup'], load: () => import('./setup.ts') },
  { names: ['can'], load: () => import('./can.ts') },
  { names: ['claim'], load: () => import('./claim.ts') },
  { names: ['claims'], load: () => import('./claims.ts') },
  { names: ['guard'], load: () => import('./guard.ts') },
  { names: ['guarded'], load: () => import('./guarded.ts') },
  { names: ['decide'], load: () => import('./decide.ts') },
  { names: ['plan'], load: () => import('./plan.ts') },
  { names: ['check'], load: () => import('./check.ts') },
  { names: ['policy'], load: () => import('./policy.ts') },
  { names: ['next'], load: () => import('./next.ts') },
  { names: ['ledger'], load: () => import('./ledger.ts') },
  { names: ['witness'], load: () => import('./witness.ts') },
  { names: ['login', 'logout', 'whoami'], load: () => import('./login.ts') },
  { names: ['user'], load: () => import('./user.ts') },
  { names: ['directory'], load: () => import('./directory.ts') },
  { names: ['token'], load: () => import('./token.ts') },
  { names: ['account'], load: () => import('./account.ts') },
  { names: ['rota'], load: () => import('./rota.ts') },
  { names: ['bastion'], load: () => import('./bastion.ts') },
  ...CHANGE_COMMANDS,
  ...RUN_COMMANDS,
  { names: ['procedures'], load: () => import('./procedures.ts') },
  { names: ['measures'], load: () => import('./measures.ts') },
  { names: ['mcp'], load: () => import('./mcp.ts') },
];

/** The surroundings of the program: all that it is given instead of looking for it. */
export type Surroundings = Omit<CliContext, 'client' | 'stopping' | 'exit'> & { readonly version: string };

/** Runs one command line; answers its exit status. A person's mistake is one line, never a stack. */
export async function runCommand(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  let status = 0;
  try {
    const program = await buildProgram(argv, surroundings, (ended) => {
      status = ended;
    });
    await program.parseAsync(argv, { from: 'user' });
    return status;
  } catch (error) {
    return explain(error, surroundings);
  }
}

async function buildProgram(
  argv: readonly string[],
  surroundings: Surroundings,
  exit: CliContext['exit'],
): Promise<Command> {
  const { stdout, stderr, env, version } = surroundings;
  const program = withHelpOfTheHouse(new Command('interlock'), stderr)
    .description('A safety interlock for production changes: nothing moves while a rule says no.')
    .version(version)
    .option('--url <address>', 'the server (INTERLOCK_URL)')
    .option('--token-file <file>', 'a file that holds the token (INTERLOCK_TOKEN_FILE)')
    .configureOutput({ writeOut: stdout, writeErr: stderr })
    .exitOverride();
  const context: CliContext = {
    ...surroundings,
    exit,
    client: () => createClient(credentials(program.opts<CredentialOptions>(), env)),
    stopping: () => {
      const options = loginOptions(withoutToken(program.opts<CredentialOptions>(), env));
      return options && createClient(options);
    },
  };
  const files = await Promise.all(filesFor(argv, COMMANDS).map(({ load }) => load()));
  for (const file of files) file.register(program, context);
  finishHelp(program);
  return program;
}

function explain(error: unknown, { stderr, env }: Surroundings): ExitStatus {
  // Help and version end the program this way too; commander has written its line already.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 3;
  if (error instanceof AppError) {
    stderr(`interlock: ${error.message}\n`);
    return errorEntry(error.code).exit;
  }
  const shown = error instanceof Error ? error : new Error(String(error));
  stderr(`interlock: ${shown.message}\n`);
  stderr(
    env['INTERLOCK_DEBUG']
      ? `${shown.stack}\n`
      : 'This is a fault of the program; INTERLOCK_DEBUG=1 shows where.\n',
  );
  return 1;
}
