import { Command, CommanderError } from 'commander';
import { AppError, errorEntry, type ExitStatus } from '../contract/errors.ts';
import { register as account } from './account.ts';
import { register as bastion } from './bastion.ts';
import { loginOptions } from './by-login.ts';
import { register as can } from './can.ts';
import { CHANGE_COMMANDS } from './change-commands.ts';
import { register as check } from './check.ts';
import { register as claim } from './claim.ts';
import { register as claims } from './claims.ts';
import { finishHelp, withHelpOfTheHouse } from './help.ts';
import { register as guard } from './guard.ts';
import { register as guarded } from './guarded.ts';
import { createClient } from './client.ts';
import type { CliContext } from './context.ts';
import { credentials, withoutToken, type CredentialOptions } from './credentials.ts';
import { register as decide } from './decide.ts';
import { register as demo } from './demo.ts';
import { register as directory } from './directory.ts';
import { register as doctor } from './doctor.ts';
import { register as ledger } from './ledger.ts';
import { register as login } from './login.ts';
import { register as mcp } from './mcp.ts';
import { register as measures } from './measures.ts';
import { register as next } from './next.ts';
import { register as plan } from './plan.ts';
import { register as policy } from './policy.ts';
import { register as procedures } from './procedures.ts';
import { register as rota } from './rota.ts';
import { RUN_COMMANDS } from './run-commands.ts';
import { register as serve } from './serve.ts';
import { register as setup } from './setup.ts';
import { register as token } from './token.ts';
import { register as user } from './user.ts';
import { register as witness } from './witness.ts';

/** Every command, one file each, in the order in which help lists them. */
const COMMANDS = [
  serve,
  demo,
  doctor,
  setup,
  can,
  claim,
  claims,
  guard,
  guarded,
  decide,
  plan,
  check,
  policy,
  next,
  ledger,
  witness,
  login,
  user,
  directory,
  token,
  account,
  rota,
  bastion,
  ...CHANGE_COMMANDS,
  ...RUN_COMMANDS,
  procedures,
  measures,
  mcp,
];

/** The surroundings of the program: all that it is given instead of looking for it. */
export type Surroundings = Omit<CliContext, 'client' | 'stopping' | 'exit'> & { readonly version: string };

/** Runs one command line; answers its exit status. A person's mistake is one line, never a stack. */
export async function runCommand(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  let status = 0;
  const program = buildProgram(surroundings, (ended) => {
    status = ended;
  });
  try {
    await program.parseAsync(argv, { from: 'user' });
    return status;
  } catch (error) {
    return explain(error, surroundings);
  }
}

function buildProgram(surroundings: Surroundings, exit: CliContext['exit']): Command {
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
  for (const register of COMMANDS) register(program, context);
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
