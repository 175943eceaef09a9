import { Client } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startServer, type TestServer } from '../kit/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

/** Lets nobody into this test's database, and ends who is in; `true` opens it again. */
async function allowConnections(allowed: boolean): Promise<void> {
  const url = new URL(server.context.db.url);
  const name = url.pathname.slice(1);
  url.pathname = '/postgres';
  const admin = new Client({ connectionString: url.href });
  await admin.connect();
  await admin.query(`alter database "${name}" allow_connections ${allowed}`);
  if (!allowed)
    await admin.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name]);
  await admin.end();
}

it('while the database is away says so, lets nobody in, and recovers by itself', async () => {
  const { token } = server.admin;
  await allowConnections(false);
  const ready = await server.ask('GET', '/readyz');
  const asked = await server.ask('GET', '/api/v1/people', { token });
  const nobody = await server.ask('GET', '/api/v1/people');
  await allowConnections(true);
  expect(ready).toMatchObject({ status: 503, body: { status: 'unavailable', database: 'unavailable' } });
  expect((await server.ask('GET', '/healthz')).status).toBe(200);
  expect(asked).toMatchObject({ status: 503, body: { code: 'unavailable' } });
  expect(nobody.status).toBe(401);
  expect((await server.ask('GET', '/api/v1/people', { token })).status).toBe(200);
  expect((await server.ask('GET', '/readyz')).status).toBe(200);
});
