import { afterAll, beforeAll, expect, it } from 'vitest';
import { Client } from 'pg';
import { startSchedule, type Schedule } from '../../src/store/schedule.ts';
import { testDatabase, type TestDatabase } from '../kit/database.ts';

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

it('does each job once over two servers, and again after it failed', async () => {
  const done: string[] = [];
  let failures = 1;
  const jobsOf = (server: string) => [
    {
      name: 'count',
      cron: '0 0 1 1 *',
      work: async () => {
        if (failures > 0) {
          failures -= 1;
          throw new Error('not this time');
        }
        done.push(server);
      },
    },
  ];
  const servers: Schedule[] = [];
  for (const name of ['one', 'two']) servers.push(await startSchedule(database.url, jobsOf(name), quiet));
  try {
    // What the clock does when a job is due.
    await asOwner(`select graphile_worker.add_job('count', max_attempts => 5)`);
    await expect.poll(() => done.length, { timeout: 20_000 }).toBe(1);
    expect(failures).toBe(0);
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
  }
  expect(done).toHaveLength(1);
});

/** The application itself has no right to the scheduler's tables. */
async function asOwner(statement: string): Promise<void> {
  const client = new Client({ connectionString: database.url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
