import { spawnSync } from 'node:child_process';
import { chownSync, chmodSync } from 'node:fs';
import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { Client } from 'pg';
import { chooseAccount } from '../../src/embedded/server-account.ts';
import { freePort, type LoopbackProcess, startLoopbackProcess } from './loopback-process.ts';
import { programPath } from './programs.ts';
import { scratchParent } from './scratch.ts';

/** A real PostgreSQL and its streaming replica, each on a free loopback port. */
export interface PostgresPair {
  readonly primary: string;
  readonly replica: string;
  /** Runs one statement there. */
  on(url: string, statement: string): Promise<void>;
  /** Ends the primary: the replica receives nothing any more. */
  stopPrimary(): Promise<void>;
  stop(): Promise<void>;
}

const account = chooseAccount();
const SETTINGS = `
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
fsync = off
shared_buffers = 16MB
`;

/** Starts a primary, copies it by `pg_basebackup` and starts the copy as its replica. */
export async function startPostgresPair(): Promise<PostgresPair> {
  const folder = await mkdtemp(path.join(scratchParent(), 'interlock-pair-'));
  if (account.ids) {
    chmodSync(folder, 0o755);
    chownSync(folder, account.ids.uid, account.ids.gid);
  }
  const [primaryPort, replicaPort] = [await freePort(), await freePort()];
  const data = (name: string) => path.join(folder, name);
  run('initdb', ['-D', data('primary'), '-U', 'postgres', '-A', 'trust', '--locale=C', '--no-sync']);
  await appendFile(path.join(data('primary'), 'postgresql.conf'), SETTINGS);
  const primary = await serve(data('primary'), primaryPort, `${folder}/primary.log`);
  const from = ['-h', '127.0.0.1', '-p', String(primaryPort), '-U', 'postgres'];
  run('pg_basebackup', [...from, '-D', data('replica'), '-R', '-X', 'stream', '-c', 'fast', '--no-sync']);
  const replica = await serve(data('replica'), replicaPort, `${folder}/replica.log`);
  return {
    primary: urlOf(primaryPort),
    replica: urlOf(replicaPort),
    on,
    stopPrimary: () => primary.stop(),
    async stop() {
      await replica.stop();
      await primary.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const urlOf = (port: number) => `postgres://postgres@127.0.0.1:${port}/postgres`;
const programOf = (name: string) => path.join(programPath('postgresql'), name);

function serve(data: string, port: number, logFile: string): Promise<LoopbackProcess> {
  const argv = [...account.prefix, programOf('postgres'), '-D', data, '-p', String(port)];
  const [file = '', ...args] = argv;
  const isReady = () =>
    on(urlOf(port), 'select 1').then(
      () => true,
      () => false,
    );
  return startLoopbackProcess([file, ...args], { isReady, logFile, ids: account.ids });
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
  const [file = '', ...rest] = [...account.prefix, programOf(name), ...args];
  const { status, stderr, error } = spawnSync(file, rest, { encoding: 'utf8', cwd: '/', ...account.ids });
  if (status !== 0) throw new Error(`expected ${name} to end with 0, got ${status}: ${stderr || error}`);
}
