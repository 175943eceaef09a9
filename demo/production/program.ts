import { spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import { createServer } from 'node:net';

/** A program of the demo that runs, and how to end it. */
export interface Program {
  readonly name: string;
  readonly pid: number;
  /** Ends it: TERM, and KILL after five seconds. Resolves when it is gone. */
  stop(): Promise<void>;
}

export interface ProgramOptions {
  readonly name: string;
  readonly argv: readonly [string, ...string[]];
  readonly env?: Readonly<Record<string, string>>;
  readonly logFile: string;
}

const KILL_AFTER_MS = 5_000;

/** Starts a program that lives as long as the demo; its output goes to `logFile`. */
export function startProgram({ name, argv: [file, ...args], env, logFile }: ProgramOptions): Program {
  const log = openSync(logFile, 'a');
  const child = spawn(file, args, { env: { ...process.env, ...env }, stdio: ['ignore', log, log] });
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  // Whatever ends the demo ends its programs.
  const onExit = () => child.kill('SIGKILL');
  process.once('exit', onExit);
  return {
    name,
    pid: child.pid ?? -1,
    async stop() {
      process.off('exit', onExit);
      child.kill('SIGTERM');
      const killer = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
      await gone;
      clearTimeout(killer);
    },
  };
}

/** A TCP port of the loopback interface that nobody listens on at this moment. */
export async function freePort(): Promise<number> {
  const port = await listenOnce(0);
  if (port === null) throw new Error('expected a free TCP port from the kernel, got none');
  return port;
}

/** Whether nobody listens on a port of the loopback interface. */
export async function isFree(port: number): Promise<boolean> {
  return (await listenOnce(port)) !== null;
}

async function listenOnce(wanted: number): Promise<number | null> {
  const server = createServer();
  const listens = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(wanted, '127.0.0.1', () => resolve(true));
  });
  if (!listens) return null;
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return address !== null && typeof address === 'object' ? address.port : null;
}

/** Asks `probe` every 100 ms until it says yes; an error when `limitMs` have passed, naming `what`. */
export async function until(what: string, limitMs: number, probe: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + limitMs;
  while (performance.now() < deadline) {
    if (await probe().catch(() => false)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`waited ${Math.round(limitMs / 1000)} s for ${what}, in vain`);
}

/** Whether an address answers 200. */
export async function answers(url: string): Promise<boolean> {
  const response = await fetch(url, { signal: AbortSignal.timeout(1_000) });
  await response.body?.cancel();
  return response.status === 200;
}
