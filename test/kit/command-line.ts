import { runCommand } from '../../src/cli/program.ts';
import type { Ran } from './terminal.ts';

interface Typing {
  readonly environment?: Readonly<Record<string, string>>;
  /** What is typed; or it is made of what was shown until then. */
  readonly stdin?: string | ((shown: string) => Promise<string>);
  readonly cwd?: string;
}

/** Runs a whole command line as a person would type it, against whatever server its environment names. */
export async function typed(
  argv: readonly string[],
  { environment = {}, stdin = '', cwd }: Typing = {},
): Promise<Ran> {
  let stdout = '';
  let stderr = '';
  const status = await runCommand(argv, {
    stdout: (text) => (stdout += text),
    stderr: (text) => (stderr += text),
    readStdin: () => (typeof stdin === 'string' ? Promise.resolve(stdin) : stdin(stderr)),
    env: environment,
    cwd: cwd ?? process.cwd(),
    interactive: false,
    programs: {
      serve: () => Promise.reject(new Error('expected a command that serves nothing')),
      demo: () => Promise.reject(new Error('expected a command that demonstrates nothing')),
      witness: () => Promise.reject(new Error('expected a command that witnesses nothing')),
      inspect: () => Promise.resolve([{ part: 'data folder', status: 'wrong', text: 'none in this test' }]),
      openLedger: () => Promise.reject(new Error('expected a command that opens no ledger')),
    },
    version: '0.0.0',
  });
  return { status, stdout, stderr };
}
