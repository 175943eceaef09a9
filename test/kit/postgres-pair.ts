import { spawnSync } from 'node:child_process';
import { chownSync, chmodSync } from 'node:fs';
import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { Client } from 'pg';
import { chooseAccount } from '../../src/embedded/server-account.ts';
import { freePort, type LoopbackProcess, startLoopbackProcess } from './loopback-process.ts';
import { programPath } from './programs.ts';
import { scratchParent } from './scratch.ts';

/** A real PostgreSQL and its streaming replica, on one free port of two loopback addresses. */
export interface PostgresPair {
  readonly primary: string;
  readonly replica: string;
  /** Runs one statement there. */
  on(url: string, statement: string): Promise<void>;
  /** The servers as their hosts see them, in the order of the start: the primary first. */
  readonly servers: readonly [PostgresServer, PostgresServer];
  /** Ends the primary: the replica receives nothing any more. */
  stopPrimary(): Promise<void>;
  stop(): Promise<void>;
}

/** One of the two, as init starts and stops it. */
export interface PostgresServer {
  readonly host: string;
  readonly port: number;
  readonly data: string;
  start(): Promise<void>;
  /** As `pg_ctl stop` does: clients are sent away, replicas get everything. */
  shutDown(): Promise<void>;
}

const account = chooseAccount();
const SETTINGS = `
unix_socket_directories = ''
fsync = off
wal_log_hints = on
shared_buffers = 16MB
`;

/** Starts a primary, copies it by `pg_basebackup` and starts the copy as its replica. */
export async function startPostgresPair(): Promise<PostgresPair> {
  const folder = await mkdtemp(path.join(scratchParent(), 'interlock-pair-'));
  if (account.ids) {
    chmodSync(folder, 0o755);
    chownSync(folder, account.ids.uid, account.ids.gid);
  }
  const port = await freePort();
  const primary = serverOf('127.0.0.1', port, path.join(folder, 'primary'));
  run('initdb', ['-D', primary.data, '-U', 'postgres', '-A', 'trust', '--locale=C', '--no-sync']);
  await appendFile(path.join(primary.data, 'postgresql.conf'), SETTINGS);
  await primary.start();
  const replica = serverOf('127.0.0.2', port, path.join(folder, 'replica'));
  const from = ['-h', primary.host, '-p', String(port), '-U', 'postgres'];
  run('pg_basebackup', [...from, '-D', replica.data, '-R', '-X', 'stream', '-c', 'fast', '--no-sync']);
  await replica.start();
  return {
    primary: urlOf(primary),
    replica: urlOf(replica),
    servers: [primary, replica],
    on,
    stopPrimary: () => primary.shutDown(),
    async stop() {
      await Promise.all([replica.shutDown(), primary.shutDown()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const urlOf = ({ host, port }: Pick<PostgresServer, 'host' | 'port'>) =>
  `postgres://postgres@${host}:${port}/postgres`;

/** The argument vector of a program of this PostgreSQL, run by whom it lets. */
export function postgresProgram(name: string): readonly [string, ...string[]] {
  const program = path.join(programPath('postgresql'), name);
  const [first, ...rest] = account.prefix;
  return first === undefined ? [program] : [first, ...rest, program];
}

function serverOf(host: string, port: number, data: string): PostgresServer {
  let running: LoopbackProcess | null = null;
  const isReady = () =>
    on(urlOf({ host, port }), 'select 1').then(
      () => true,
      () => false,
    );
  return {
    host,
    port,
    data,
    start: async () => {
      const argv = [...postgresProgram('postgres'), '-D', data, '-h', host, '-p', `${port}`] as const;
      running = await startLoopbackProcess(argv, {
        isReady,
        logFile: `${data}.log`,
        ids: account.ids,
      });
    },
    shutDown: async () => {
      if (running !== null) process.kill(running.pid, 'SIGINT');
      await running?.stop();
      running = null;
    },
  };
}

async function on(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query(statement);
  } finally {
    await client.end().catch(() => undefined);
  }
}

function run(name: string, args: readonly string[]): void {
  const [file, ...rest] = [...postgresProgram(name), ...args] as const;
  const { status, stderr, error } = spawnSync(file, rest, { encoding: 'utf8', cwd: '/', ...account.ids });
  if (status !== 0) throw new Error(`expected ${name} to end with 0, got ${status}: ${stderr || error}`);
}
