import { spawn } from 'node:child_process';
import type { GuardedEnd } from '../../contract/guarded-commands.ts';

/** Signals of the terminal: they reach the command by themselves, which decides what they mean. */
const OF_THE_TERMINAL = ['SIGINT', 'SIGQUIT'] as const;
/** Signals to this program: passed on, as whoever sends them means the command. */
const PASSED_ON = ['SIGTERM', 'SIGHUP'] as const;

/** Runs a command by its arguments in the terminal of this program, as if it had been typed there. Gives how it ended. */
export function performGuarded(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<GuardedEnd> {
  const [file = '', ...args] = argv;
  const began = performance.now();
  return new Promise((resolve) => {
    const child = spawn(file, args, { stdio: 'inherit', env });
    const pass = (signal: NodeJS.Signals) => void child.kill(signal);
    OF_THE_TERMINAL.forEach((signal) => process.on(signal, ignore));
    PASSED_ON.forEach((signal) => process.on(signal, pass));
    const end = (ended: Omit<GuardedEnd, 'durationMs'>) => {
      OF_THE_TERMINAL.forEach((signal) => process.off(signal, ignore));
      PASSED_ON.forEach((signal) => process.off(signal, pass));
      resolve({ ...ended, durationMs: Math.round(performance.now() - began) });
    };
    child.once('error', (error) => {
      // Also raised for a signal that could not be sent; that command is there and will end.
      if (child.pid === undefined) end({ exitCode: null, signal: null, notStarted: error.message });
    });
    child.once('exit', (exitCode, signal) => end({ exitCode, signal, notStarted: null }));
  });
}

/** Heard, so that it does not end this program before it has written down how the command ended. */
function ignore(): void {}
