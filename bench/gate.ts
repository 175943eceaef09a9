import { execFile, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { createClient } from '../src/cli/client.ts';
import { issuedToken } from '../src/contract/people.ts';
import type { Load, Seen } from './gate-load.ts';
import type { Row } from './row.ts';

const root = path.resolve(import.meta.dirname, '..');
const CALLERS = 32;
const WARM_UP = 2_000;
const COUNT = 10_000;
const ENVIRONMENT = 'bench.example';
const QUESTION = {
  environment: ENVIRONMENT,
  services: ['bench'],
  criticality: 'C4',
  severity: 'S4',
  deployment: 'production',
  estimateMinutes: 5,
  rollbackMinutes: 5,
};

/**
 * The gate as a pipeline meets it: authenticated, decided on facts read in its transaction, the answer with its facts durable in
 * the ledger before it is given. The server is pinned to one core where that can be done, its database and the load to another.
 */
export async function benchGate(): Promise<Row[]> {
  const bare = await measureBare();
  const gate = await measureGate();
  return [
    {
      what: `pipeline gate over HTTP, ${CALLERS} callers: authenticated, durable in the ledger`,
      goal: '5000 a second, p99 25 ms',
      measured: `${gate.perSecond.toFixed(0)} a second, p99 ${gate.p99Ms.toFixed(0)} ms`,
      reference: `bare Fastify, same load: ${bare.perSecond.toFixed(0)} a second, p99 ${bare.p99Ms.toFixed(0)} ms`,
      ratio: (gate.perSecond / bare.perSecond).toFixed(3),
    },
  ];
}

async function measureBare(): Promise<Seen> {
  const server = start([path.join(root, 'bench/gate-bare.ts')], {});
  try {
    return await loaded(await lineOf(server, /^(http\S+)$/m), 'none');
  } finally {
    await stop(server);
  }
}

async function measureGate(): Promise<Seen> {
  const folder = await mkdtemp(path.join(tmpdir(), 'interlock-bench-gate-'));
  const policy = path.join(folder, 'policy.yaml');
  const tokenFile = path.join(folder, 'token');
  await writeFile(policy, await benchPolicy());
  const server = start([path.join(root, 'bin/interlock.js'), 'serve'], {
    INTERLOCK_DATA: path.join(folder, 'data'),
    INTERLOCK_PORT: '0',
    INTERLOCK_POLICY: policy,
    INTERLOCK_ADMIN_TOKEN_FILE: tokenFile,
  });
  try {
    const url = await lineOf(server, /serves on (\S+)/);
    return await loaded(url, await pipeline(url, (await readFile(tokenFile, 'utf8')).trim()));
  } finally {
    await stop(server);
    await rm(folder, { recursive: true, force: true });
  }
}

/** The shipped policy with an environment in which nothing has to be proven, so that the gate alone is measured. */
async function benchPolicy(): Promise<string> {
  const shipped = await readFile(path.join(root, 'policies/illumidesk.yaml'), 'utf8');
  const absent = 'monitoring: { prometheus: absent, thanos: absent, alertmanager: absent }';
  return shipped
    .replace(
      '\nenvironments:\n',
      `\nenvironments:\n  ${ENVIRONMENT}:\n    operational: true\n    ${absent}\n`,
    )
    .replace('\nrules:\n', '\nrules:\n  metrics-available: { level: off }\n');
}

/** A service account with the scope `ask`, and its token. */
async function pipeline(url: string, adminToken: string): Promise<string> {
  const admin = createClient({ url, token: adminToken, bastionKey: null });
  const robot = { name: 'robot', kind: 'service', displayName: 'robot' };
  await admin.ask('POST', '/api/v1/people', { body: robot });
  const body = { label: 'bench', scopes: ['ask'] };
  return (await admin.ask('POST', '/api/v1/people/robot/tokens', { body, answer: issuedToken })).secret;
}

async function loaded(url: string, token: string): Promise<Seen> {
  const load: Load = {
    url: `${url}/api/v1/decisions`,
    token,
    body: JSON.stringify(QUESTION),
    callers: CALLERS,
    warmUp: WARM_UP,
    count: COUNT,
  };
  const [file = '', ...args] = pinned('1', [
    process.execPath,
    path.join(root, 'bench/gate-load.ts'),
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

function start(argv: readonly string[], env: Readonly<Record<string, string>>): ChildProcess {
  return spawn(process.execPath, argv, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** What the server says of its address; from then on its main program is pinned to the first core. */
async function lineOf(server: ChildProcess, pattern: RegExp): Promise<string> {
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

async function stop(server: ChildProcess): Promise<void> {
  server.kill('SIGTERM');
  if (server.exitCode === null && server.signalCode === null) await once(server, 'exit');
}
