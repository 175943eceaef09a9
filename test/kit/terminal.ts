import { Command } from 'commander';
import type { CliContext } from '../../src/cli/context.ts';

/** What a command printed, and the status it ended with. */
export type Ran = { readonly status: number; readonly stdout: string; readonly stderr: string };

type Register = (program: Command, context: CliContext) => void;

/** Runs one command as a person would type it, with its output caught. */
export async function runCommand(register: Register, argv: readonly string[], stdin = ''): Promise<Ran> {
  let stdout = '';
  let stderr = '';
  let status = 0;
  const program = new Command('interlock').exitOverride();
  register(program, {
    stdout: (text) => (stdout += text),
    stderr: (text) => (stderr += text),
    readStdin: () => Promise.resolve(stdin),
    env: {},
    cwd: process.cwd(),
    interactive: false,
    client: () => unwired('a server'),
    stopping: () => unwired('a server'),
    programs: {
      serve: () => unwired('a server'),
      demo: () => unwired('a demo'),
      inspect: () => unwired('a data folder'),
      witness: () => unwired('a witness'),
      openLedger: () => unwired('a data folder'),
    },
    exit: (code) => (status = code),
  });
  await program.parseAsync(argv, { from: 'user' });
  return { status, stdout, stderr };
}

function unwired(what: string): never {
  throw new Error(`expected a command that works without ${what}`);
}
