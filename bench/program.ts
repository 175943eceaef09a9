import { execFile, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Load, Seen } from './load.ts';

const root = path.resolve(import.meta.dirname, '..');

/** Starts the generator of load as a program of its own, on a core where one is named and that can be done; what it saw. */
export async function loaded(load: Load, core: string | null = null): Promise<Seen> {
  const [file = '', ...args] = pinned(core, [
    process.execPath,
    path.join(root, 'bench/load.ts'),
    JSON.stringify(load),
  ]);
  const { stdout } = await promisify(execFile)(file, args);
  // Written by the program above.
  return JSON.parse(stdout) as Seen;
}

const canPin = spawnSync('taskset', ['-c', '1', 'true']).status === 0;

/** The same command on one core, where one is named and that can be done. */
export function pinned(core: string | null, argv: readonly string[]): readonly string[] {
  return core !== null && canPin ? ['taskset', '-c', core, ...argv] : argv;
}

/** Starts a program with this Node. */
export function start(argv: readonly string[], env: Readonly<Record<string, string>>): ChildProcess {
  return spawn(process.execPath, argv, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** What the server says of its address; from then on all of its main program is pinned to the core that is named, if one is. */
export async function lineOf(
  server: ChildProcess,
  pattern: RegExp,
  core: string | null = null,
): Promise<string> {
  let said = '';
  return new Promise((resolve, reject) => {
    server.once('exit', () => reject(new Error(`expected a server, got \`${said}\``)));
    server.stdout?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      const found = pattern.exec(said)?.[1];
      if (found === undefined) return;
      if (core !== null && canPin) spawnSync('taskset', ['-a', '-cp', core, String(server.pid)]);
      resolve(found);
    });
  });
}

/** Ends it and waits for its end. */
export async function stop(server: ChildProcess): Promise<void> {
  server.kill('SIGTERM');
  if (server.exitCode === null && server.signalCode === null) await once(server, 'exit');
}
