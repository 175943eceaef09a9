import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { answers, freePort, type Program, startProgram, until } from './production/program.ts';

const root = path.resolve(import.meta.dirname, '..');
const BIN = path.join(root, 'bin/interlock.js');
const START_MS = 60_000;

/** How a command ended, with what it printed. */
export interface Ran {
  readonly status: number;
  readonly output: string;
}

/** The Interlock server of the demo, as the command line and the API reach it. */
export interface Interlock {
  readonly url: string;
  /** The first administrator's token. */
  readonly adminToken: string;
  /** One request to the API; throws with the server's words for anything but 2xx. */
  readonly ask: (
    token: string,
    method: 'GET' | 'POST' | 'PUT',
    address: string,
    body?: unknown,
  ) => Promise<unknown>;
  /** One command of the command line, as the person whose environment is given. */
  run(
    env: Readonly<Record<string, string>>,
    args: readonly string[],
    onLine?: (line: string) => void,
  ): Promise<Ran>;
  stop(): Promise<void>;
}

export interface InterlockOptions {
  readonly folder: string;
  readonly policy: string;
  readonly port: number | null;
  readonly prometheusUrl: string;
  readonly alertmanagerUrl: string;
}

/** Starts the server with a data folder of its own and waits until it is ready. */
export async function startInterlock(options: InterlockOptions): Promise<Interlock> {
  const port = options.port ?? (await freePort());
  const url = `http://127.0.0.1:${port}`;
  const tokenFile = path.join(options.folder, 'admin-token');
  const program: Program = startProgram({
    name: 'Interlock',
    argv: [process.execPath, BIN, 'serve'],
    env: {
      INTERLOCK_DATA: path.join(options.folder, 'interlock'),
      INTERLOCK_PORT: String(port),
      INTERLOCK_POLICY: options.policy,
      INTERLOCK_ADMIN_TOKEN_FILE: tokenFile,
      PROMETHEUS_URL: options.prometheusUrl,
      ALERTMANAGER_URL: options.alertmanagerUrl,
    },
    logFile: path.join(options.folder, 'interlock.log'),
  });
  try {
    await until(`Interlock (its log: ${options.folder}/interlock.log)`, START_MS, () =>
      answers(`${url}/readyz`),
    );
  } catch (cause) {
    await program.stop();
    throw cause;
  }
  return {
    url,
    adminToken: (await readFile(tokenFile, 'utf8')).trim(),
    ask: (token, method, address, body) => ask(url, { token, method, address, body }),
    run: (env, args, onLine) => run({ ...env, INTERLOCK_URL: url }, args, onLine),
    stop: () => program.stop(),
  };
}

interface Request {
  readonly token: string;
  readonly method: string;
  readonly address: string;
  readonly body: unknown;
}

async function ask(url: string, { token, method, address, body }: Request): Promise<unknown> {
  const response = await fetch(`${url}/api/v1${address}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${address} was answered ${response.status}: ${text}`);
  return text === '' ? null : JSON.parse(text);
}

async function run(
  env: Readonly<Record<string, string>>,
  args: readonly string[],
  onLine: ((line: string) => void) | undefined,
): Promise<Ran> {
  const child = spawn(process.execPath, [BIN, ...args], {
    cwd: root,
    env: { ...process.env, NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let unfinished = '';
  const take = (chunk: Buffer) => {
    output += chunk.toString();
    const lines = (unfinished + chunk.toString()).split('\n');
    unfinished = lines.pop() ?? '';
    if (onLine) lines.forEach(onLine);
  };
  child.stdout.on('data', take);
  child.stderr.on('data', take);
  const status = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
  return { status, output };
}
