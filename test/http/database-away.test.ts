import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { transact } from '../../src/store/database.ts';
import { lockPeople } from '../../src/store/people.ts';
import { unavailableDatabase } from '../../src/store/unavailable.ts';
import { allowConnections } from '../kit/database-away.ts';
import { startServer, type TestServer } from '../kit/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

it('while the database is away says so, lets nobody in, and recovers by itself', async () => {
  const { token } = server.admin;
  await allowConnections(server, false);
  const ready = await server.ask('GET', '/readyz');
  const asked = await server.ask('GET', '/api/v1/people', { token });
  const nobody = await server.ask('GET', '/api/v1/people');
  await allowConnections(server, true);
  expect(ready).toMatchObject({ status: 503, body: { status: 'unavailable', database: 'unavailable' } });
  expect((await server.ask('GET', '/healthz')).status).toBe(200);
  expect(asked).toMatchObject({ status: 503, body: { code: 'unavailable' } });
  expect(nobody.status).toBe(401);
  expect((await server.ask('GET', '/api/v1/people', { token })).status).toBe(200);
  expect((await server.ask('GET', '/readyz')).status).toBe(200);
});

it.each([
  ['a lock', `set local lock_timeout = 20; lock table people in share row exclusive mode`],
  ['a statement', `set local statement_timeout = 20; select pg_sleep(20)`],
])(
  'takes %s that took too long for "not now": another server may have died with what it waits for',
  async (_what, work) => {
    const { db } = server.context;
    const failed = await transact(db, async (other) => {
      await lockPeople(other);
      return transact(db, async (tx) => {
        await sql.raw(work).execute(tx);
        await new Promise((over) => setTimeout(over, 100));
        await sql`select 1`.execute(tx);
      }).catch((error: unknown) => error);
    });
    expect(unavailableDatabase(failed)).toBe(true);
  },
);
