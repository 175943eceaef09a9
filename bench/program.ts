import { execFile, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Load, Seen } from './load.ts';

const root = path.resolve(import.meta.dirname, '..');

/** Starts the generator of load as a program of its own, on the second core where that can be done; what it saw. */
export async function loaded(load: Load): Promise<Seen> {
  const [file = '', ...args] = pinned('1', [
    process.execPath,
    path.join(root, 'bench/load.ts'),
    JSON.stringify(load),
  ]);
  const { stdout } = await promisify(execFile)(file, args);
  // Written by the program above.
  return JSON.parse(stdout) as Seen;
}

const canPin = spawnSync('taskset', ['-c', '1', 'true']).status === 0;

function pinned(core: string, argv: readonly string[]): readonly string[] {
  return canPin ? ['taskset', '-c', core, ...argv] : argv;
}

/** Starts a program with this Node. */
export function start(argv: readonly string[], env: Readonly<Record<string, string>>): ChildProcess {
  return spawn(process.execPath, argv, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** What the server says of its address; from then on its main program is pinned to the first core. */
export async function lineOf(server: ChildProcess, pattern: RegExp): Promise<string> {
  let said = '';
  return new Promise((resolve, reject) => {
    server.once('exit', () => reject(new Error(`expected a server, got \`${said}\``)));
    server.stdout?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      const found = pattern.exec(said)?.[1];
      if (found === undefined) return;
      if (canPin) spawnSync('taskset', ['-a', '-cp', '0', String(server.pid)]);
      resolve(found);
    });
  });
}

/** Ends it and waits for its end. */
export async function stop(server: ChildProcess): Promise<void> {
  server.kill('SIGTERM');
  if (server.exitCode === null && server.signalCode === null) await once(server, 'exit');
}
