import { spawn, type ChildProcess } from 'node:child_process';
import { constants } from 'node:os';

/** How a command ended, as a shell tells it: 128 and the signal's number where a signal ended it. */
export interface CommandEnd {
  readonly status: number;
  /** Why it was not begun. */
  readonly notBegun: string | null;
}

/** A command that runs as the head of a process group of its own, with the terminal's streams. */
export interface CommandGroup {
  readonly ended: Promise<CommandEnd>;
  /** Passes a signal on to the whole group. */
  signal(name: NodeJS.Signals): void;
  /** TERM to the whole group, KILL after the grace. */
  stop(graceMs: number): void;
}

/** Runs a command by its arguments, without a shell. Whoever is left of its group when its head ends is killed. */
export function startCommand(argv: readonly string[], env: NodeJS.ProcessEnv): CommandGroup {
  const [file = '', ...args] = argv;
  let child: ChildProcess;
  try {
    child = spawn(file, args, { env, detached: true, stdio: 'inherit' });
  } catch (error) {
    // Some reasons not to begin come as an event and others at once, such as a path through a file or arguments that are too long.
    return notBegunGroup(file, error as NodeJS.ErrnoException);
  }
  const { promise, resolve } = Promise.withResolvers<CommandEnd>();
  let killer: NodeJS.Timeout | undefined;
  child.once('error', (error: NodeJS.ErrnoException) => resolve(notBegun(file, error)));
  child.once('exit', (status, signal) => {
    clearTimeout(killer);
    toGroup(child, 'SIGKILL');
    resolve({ status: status ?? 128 + constants.signals[signal ?? 'SIGKILL'], notBegun: null });
  });
  return {
    ended: promise,
    signal: (name) => toGroup(child, name),
    stop: (graceMs) => {
      if (killer !== undefined) return;
      toGroup(child, 'SIGTERM');
      killer = setTimeout(() => toGroup(child, 'SIGKILL'), graceMs);
    },
  };
}

function notBegun(file: string, { code }: NodeJS.ErrnoException): CommandEnd {
  const why = code === 'ENOENT' ? `there is no program \`${file}\`` : (code ?? 'it could not be started');
  return { status: 127, notBegun: why };
}

function notBegunGroup(file: string, error: NodeJS.ErrnoException): CommandGroup {
  return { ended: Promise.resolve(notBegun(file, error)), signal: () => undefined, stop: () => undefined };
}

function toGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // The group is gone already.
  }
}
