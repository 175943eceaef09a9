import { chmodSync, chownSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import { chooseAccount } from '../../src/embedded/server-account.ts';
import { freePort, startLoopbackProcess } from './loopback-process.ts';
import { programPath } from './programs.ts';

/** A real PgBouncer on a free loopback port, which leads to one database. */
export interface TestPgBouncer {
  /** The way of clients to the database. */
  readonly url: string;
  /** Its own console. */
  readonly console: string;
  /** The file with the line of the database, read anew when it is told so. */
  readonly file: string;
  stop(): Promise<void>;
}

/** Starts one that leads to `database` of this server, one transaction at a time. */
export async function startPgBouncer(
  database: string,
  server: { readonly host: string; readonly port: number },
): Promise<TestPgBouncer> {
  // It refuses to run as root, as PostgreSQL does.
  const account = chooseAccount();
  const folder = await mkdtemp(path.join(tmpdir(), 'interlock-pgbouncer-'));
  if (account.ids) {
    chmodSync(folder, 0o755);
    chownSync(folder, account.ids.uid, account.ids.gid);
  }
  const port = await freePort();
  const [file, main] = [path.join(folder, 'shop.ini'), path.join(folder, 'pgbouncer.ini')];
  await writeFile(file, `${database} = host=${server.host} port=${server.port} dbname=${database}\n`);
  await writeFile(path.join(folder, 'users'), '"postgres" ""\n');
  await writeFile(main, configuration(folder, port, file));
  const url = (name: string) => `postgres://postgres@127.0.0.1:${port}/${name}`;
  const isReady = async () => {
    const client = new Client({ connectionString: url('pgbouncer') });
    client.on('error', () => undefined);
    const there = await client.connect().then(
      () => true,
      () => false,
    );
    await client.end().catch(() => undefined);
    return there;
  };
  const [first, ...rest] = [...account.prefix, programPath('pgbouncer'), main];
  const running = await startLoopbackProcess([first ?? '', ...rest], {
    isReady,
    logFile: path.join(folder, 'log'),
    ids: account.ids,
  });
  return {
    url: url(database),
    console: url('pgbouncer'),
    file,
    stop: async () => {
      await running.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function configuration(folder: string, port: number, file: string): string {
  return `
[databases]
%include ${file}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = trust
auth_file = ${path.join(folder, 'users')}
admin_users = postgres
pool_mode = transaction
server_fast_close = 1
ignore_startup_parameters = extra_float_digits
pidfile = ${path.join(folder, 'pid')}
`;
}
