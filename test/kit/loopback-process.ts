import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const READY_MS = 30_000;
const KILL_AFTER_MS = 5_000;

/** A real program that serves on a loopback port for the length of a test file. */
export interface LoopbackProcess {
  readonly pid: number;
  /** TERM, then KILL; resolves when it is gone. */
  stop(): Promise<void>;
  /** KILL: nothing is written, nobody is told. */
  kill(): Promise<void>;
}

/** When a program is ready: an address says 200, or whatever else shows it. */
type Readiness = { readonly readyUrl: string } | { readonly isReady: () => Promise<boolean> };

/** Starts a program and waits until it is ready; an error with the end of its log if it does not become so. */
export async function startLoopbackProcess(
  [file, ...args]: readonly [string, ...string[]],
  options: Readiness & {
    readonly logFile: string;
    /** Runs it as this user; only root may. */
    readonly ids?: { readonly uid: number; readonly gid: number } | undefined;
    /** Instead of this process's own. */
    readonly env?: Readonly<Record<string, string>> | undefined;
  },
): Promise<LoopbackProcess> {
  const { logFile, ids, env } = options;
  const log = openSync(logFile, 'a');
  const child = spawn(file, args, { stdio: ['ignore', log, log], ...ids, ...(env && { env }) });
  closeSync(log);
  const onExit = () => child.kill('SIGKILL');
  process.once('exit', onExit);
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  void gone.then(() => process.off('exit', onExit));

  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    const killer = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
    await gone;
    clearTimeout(killer);
  };
  const stop = () => end('SIGTERM');
  const isReady = 'readyUrl' in options ? () => saysReady(options.readyUrl) : options.isReady;
  if (!(await becomesReady(child, isReady))) {
    await stop();
    throw new Error(`expected \`${file}\` to become ready; the log ends:\n${tail(logFile)}`);
  }
  return { pid: child.pid ?? -1, stop, kill: () => end('SIGKILL') };
}

async function becomesReady(child: ChildProcess, isReady: () => Promise<boolean>): Promise<boolean> {
  const deadline = performance.now() + READY_MS;
  while (performance.now() < deadline && child.exitCode === null && child.pid !== undefined) {
    if (await isReady()) return true;
    await sleep(50);
  }
  return false;
}

async function saysReady(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(1_000) });
    await response.body?.cancel();
    return response.status === 200;
  } catch {
    return false;
  }
}

function tail(file: string): string {
  return readFileSync(file, 'utf8').split('\n').slice(-8).join('\n');
}

/** A TCP port of the loopback interface on which nobody listens at this moment. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise((resolve) => {
    server.close(resolve);
  });
  if (address === null || typeof address === 'string') throw new Error('expected a TCP address');
  return address.port;
}

/** Asks again every 100 ms until the answer is the wanted one, and returns it; an error that shows the last one after `limitMs`. */
export async function eventually<T>(
  probe: () => Promise<T>,
  isWanted: (answer: T) => boolean,
  limitMs = 30_000,
): Promise<T> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    const answer = await probe();
    if (isWanted(answer)) return answer;
    if (performance.now() > deadline) {
      throw new Error(`waited ${limitMs} ms in vain; the last answer: ${JSON.stringify(answer)}`);
    }
    await sleep(100);
  }
}
