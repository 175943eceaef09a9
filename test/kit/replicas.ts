import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startInterlock, type InterlockProcess } from './interlock-process.ts';
import { freePort } from './loopback-process.ts';
import { superuser } from './ledger.ts';
import { emptyDatabase } from './database.ts';
import type { Answer } from './server.ts';

/** One `interlock serve` of several on one database. */
export interface Replica extends InterlockProcess {
  /** One request by the first administrator, or by whose token is given; what fails to connect is thrown. */
  ask(method: string, where: string, body?: unknown, token?: string): Promise<Answer>;
}

/** Two servers as processes of their own, on one PostgreSQL, each with its data folder, with one key. */
export interface Replicas {
  readonly servers: readonly [Replica, Replica];
  readonly token: string;
  readonly folder: string;
  /** What a program is given that opens the same database and ledger, such as `interlock ledger verify`. */
  environment(name: string): Readonly<Record<string, string>> & { readonly DATABASE_URL: string };
  /** One more server, with what else its environment says. */
  start(name: string, environment?: Readonly<Record<string, string>>): Promise<Replica>;
  /** Those that run. */
  running(): readonly Replica[];
  /** Runs a statement as the database's owner, and gives its rows. */
  rows<T = Record<string, unknown>>(statement: string): Promise<T[]>;
  /** Stops what still runs. */
  stop(): Promise<void>;
}

/** Starts both at the same moment on a database with nothing in it, or on the one at an address. */
export async function startReplicas(address?: string): Promise<Replicas> {
  const folder = await mkdtemp(path.join(tmpdir(), 'interlock-replicas-'));
  const database = address === undefined ? await emptyDatabase() : null;
  const url = address ?? database?.url ?? '';
  const adminToken = path.join(folder, 'admin.token');
  // What looks at the database by itself must not find whatever serves on the usual port of this machine.
  const nobody = `http://127.0.0.1:${await freePort()}`;
  const environment = (name: string) => ({
    INTERLOCK_DATA: path.join(folder, name),
    INTERLOCK_PORT: '0',
    INTERLOCK_LEDGER_KEY_FILE: path.join(folder, 'shared', 'ledger.key'),
    INTERLOCK_ADMIN_TOKEN_FILE: adminToken,
    INTERLOCK_ALLOW_PRIVATE_ADDRESSES: 'true',
    INTERLOCK_URL: nobody,
    DATABASE_URL: named(url, `interlock-${name}`),
  });
  const running = new Set<Replica>();
  let token = '';
  const start = async (name: string, more: Readonly<Record<string, string>> = {}): Promise<Replica> => {
    const server = await startInterlock(path.join(folder, name), { ...environment(name), ...more });
    const replica: Replica = {
      ...server,
      ask: (method, where, body, by) => ask(server.url + where, method, body, by ?? token),
      end: (signal) => {
        running.delete(replica);
        return server.end(signal);
      },
    };
    running.add(replica);
    return replica;
  };
  const servers = await Promise.all([start('a'), start('b')]);
  token = (await readFile(adminToken, 'utf8')).trim();
  const rows = async <T>(statement: string) => (await superuser(url, statement)).rows as T[];
  // They answer before their schedulers listen.
  const listening = `select from pg_stat_activity where query like 'LISTEN "jobs:insert"%' and datname = current_database()`;
  while ((await rows(listening)).length < servers.length) await pause(50);
  return {
    servers,
    token,
    folder,
    environment,
    start,
    running: () => [...running],
    rows,
    stop: async () => {
      await Promise.all([...running].map((server) => server.end('SIGTERM')));
      await database?.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The address under a name that `pg_stat_activity` shows. */
function named(address: string, name: string): string {
  const url = new URL(address);
  url.searchParams.set('application_name', name);
  return url.href;
}

/** An open stream of events. */
export interface EventStream {
  /** Reads on until what came so far matches. */
  until(wanted: RegExp): Promise<void>;
  close(): void;
}

/** Opens one, and waits until its server hears what is recorded: the second event says so. */
export async function openStream(server: string, token: string): Promise<EventStream> {
  const abort = new AbortController();
  const response = await fetch(`${server}/api/v1/stream`, {
    headers: { authorization: `Bearer ${token}` },
    signal: abort.signal,
  });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  const until = async (wanted: RegExp) => {
    while (!wanted.test(text)) {
      const chunk = await reader?.read();
      if (!chunk || chunk.done) throw new Error(`the stream ended after: ${text}`);
      text += chunk.value;
    }
  };
  await until(/event: reload[^]*event: reload/);
  return { until, close: () => abort.abort() };
}

async function ask(url: string, method: string, body: unknown, token: string): Promise<Answer> {
  const response = await fetch(url, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const json = response.headers.get('content-type')?.includes('json') === true;
  return { status: response.status, headers: response.headers, body: json ? JSON.parse(text) : text };
}
