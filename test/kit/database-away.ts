import { Client } from 'pg';
import type { TestServer } from './server.ts';

/** Lets nobody into a server's own database, and ends who is in; `true` opens it again. */
export async function allowConnections({ context }: TestServer, allowed: boolean): Promise<void> {
  const url = new URL(context.db.url);
  const name = url.pathname.slice(1);
  url.pathname = '/postgres';
  const admin = new Client({ connectionString: url.href });
  await admin.connect();
  await admin.query(`alter database "${name}" allow_connections ${allowed}`);
  if (!allowed)
    await admin.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name]);
  await admin.end();
}
