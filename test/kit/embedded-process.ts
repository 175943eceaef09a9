import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { startEmbedded } from '../../src/embedded/server.ts';

/** What the child says first: where its database is, or the one line why there is none. */
export type Said =
  | { readonly url: string; readonly adopted: boolean; readonly pid: number }
  | { readonly error: string; readonly name: string };

/** A process of its own that starts the embedded database as `interlock serve` does, to be killed in every way. */
export interface EmbeddedProcess {
  readonly said: Said;
  /** What it said, for a test that needs it to have started. */
  running(): { readonly url: string; readonly adopted: boolean; readonly pid: number };
  readonly child: ChildProcess;
  /** Sends a signal and waits until the process has ended. */
  end(signal: NodeJS.Signals): Promise<void>;
}

export interface ProcessOptions {
  readonly dataDir: string;
  readonly diesWithUs?: boolean;
  readonly settings?: Readonly<Record<string, string>>;
  /** Runs the process as this user; only root may. */
  readonly uid?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** Another program that becomes Node, such as one that first gives up rights. */
  readonly node?: string;
  /** Told of the process before it has said anything. */
  readonly onStart?: (child: ChildProcess) => void;
}

export async function embeddedProcess({
  uid,
  env,
  node,
  onStart,
  ...options
}: ProcessOptions): Promise<EmbeddedProcess> {
  const child = fork(fileURLToPath(import.meta.url), [JSON.stringify(options)], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    cwd: '/',
    ...(node === undefined ? {} : { execPath: node }),
    ...(uid === undefined ? {} : { uid, gid: uid }),
  });
  onStart?.(child);
  const said = await new Promise<Said>((done, failed) => {
    child.once('message', (message) => done(message as Said));
    child.once('exit', (status, signal) => failed(new Error(`expected an answer, got ${status ?? signal}`)));
  });
  return {
    said,
    running: () => {
      if ('error' in said) throw new Error(said.error);
      return said;
    },
    child,
    end: async (signal) => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill(signal);
      await ended;
    },
  };
}

const say = (said: Said) => process.send?.(said);

async function run(options: Omit<ProcessOptions, 'uid' | 'env' | 'node' | 'onStart'>): Promise<void> {
  try {
    const embedded = await startEmbedded({ ...options, log: () => undefined });
    // Listening keeps it alive, and only while the test is.
    process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
    process.once('SIGTERM', () => void embedded.stop().then(() => process.exit(0)));
    say({ url: embedded.url, adopted: embedded.adopted, pid: embedded.pid() ?? 0 });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    say({ error: error.message, name: error.name });
    process.disconnect?.();
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await run(JSON.parse(process.argv[2] ?? '{}') as ProcessOptions);
}
