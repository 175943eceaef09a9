import { spawn } from 'node:child_process';

/** How a program ended; a field for each way. */
export interface Ended {
  /** Exit status, or `null` where it was ended by a signal or never started. */
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Why it could not be started. */
  readonly notStarted: string | null;
  /** Whether it was ended from here, because of the time or of the caller. */
  readonly cutShort: boolean;
  /** The first 64 KiB each, or what the caller takes. */
  readonly stdout: string;
  readonly stderr: string;
}

const OUTPUT_LIMIT = 65_536;
const KILL_AFTER_MS = 2_000;
const PIPES_CLOSE_MS = 500;

/**
 * Runs a program by its arguments, without a shell, as the head of a process group of its own. When `signal` says so the whole group
 * gets TERM and, two seconds later, KILL. Whoever is left of the group when its head ends is killed: nothing stays behind.
 */
export function runGroup(
  argv: readonly string[],
  options: {
    readonly env: NodeJS.ProcessEnv;
    readonly signal: AbortSignal;
    /** How much of the output is kept, in bytes. */
    readonly outputLimit?: number;
  },
): Promise<Ended> {
  const { env, signal, outputLimit = OUTPUT_LIMIT } = options;
  const [file = '', ...args] = argv;
  const child = spawn(file, args, { env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const stdout = collect(child.stdout, outputLimit);
  const stderr = collect(child.stderr, outputLimit);
  const { promise, resolve } = Promise.withResolvers<Ended>();
  let cutShort = false;
  let killer: NodeJS.Timeout | undefined;

  const onAbort = () => {
    cutShort = true;
    toGroup(child.pid, 'SIGTERM');
    killer = setTimeout(() => toGroup(child.pid, 'SIGKILL'), KILL_AFTER_MS);
  };
  const end = (how: Pick<Ended, 'status' | 'signal' | 'notStarted'>) => {
    clearTimeout(killer);
    signal.removeEventListener('abort', onAbort);
    resolve({ ...how, cutShort, stdout: stdout(), stderr: stderr() });
  };
  child.once('error', (error: NodeJS.ErrnoException) =>
    end({ status: null, signal: null, notStarted: error.code ?? 'it could not be started' }),
  );
  child.once('exit', (status, how) => {
    toGroup(child.pid, 'SIGKILL');
    const over = () => end({ status, signal: how, notStarted: null });
    // A child in another session may hold the pipes for ever.
    const late = setTimeout(() => {
      child.stdout.destroy();
      child.stderr.destroy();
    }, PIPES_CLOSE_MS);
    child.once('close', () => {
      clearTimeout(late);
      over();
    });
  });
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  return promise;
}

function toGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // The group is gone already.
  }
}

function collect(stream: NodeJS.ReadableStream, limit: number): () => string {
  const chunks: Buffer[] = [];
  let length = 0;
  // Past the limit it is read on and dropped, so that the program does not wait for its reader.
  stream.on('data', (chunk: Buffer) => {
    if (length < limit) chunks.push(chunk.subarray(0, limit - length));
    length += chunk.length;
  });
  return () => Buffer.concat(chunks).toString('utf8');
}
