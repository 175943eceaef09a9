import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { Client } from 'pg';
import { keepSchedule, startSchedule, type Schedule } from '../../src/store/schedule.ts';
import { testDatabase, type TestDatabase } from '../kit/database.ts';

const MINUTE_MS = 60_000;
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
    await rowsOf(`select graphile_worker.add_job('count', max_attempts => 5)`);
    await expect.poll(() => done.length, { timeout: 20_000 }).toBe(1);
    expect(failures).toBe(0);
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
  }
  expect(done).toHaveLength(1);
});

it('does each turn of the clock once over two servers', async () => {
  let done = 0;
  const jobs = [{ name: 'tick', cron: '* * * * *', work: () => Promise.resolve((done += 1)) }];
  // The clock of this process stands before a minute that the database's has seen begin.
  const minute = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;
  vi.useFakeTimers({ toFake: ['Date'], now: minute - 100 });
  const servers: Schedule[] = [];
  try {
    for (const _server of [1, 2]) servers.push(await startSchedule(database.url, jobs, quiet));
    expect(await rowsOf(`select from graphile_worker.jobs`)).toEqual([]);
    vi.setSystemTime(minute + 100);
    const seen = `select from graphile_worker._private_known_crontabs where identifier = 'tick' and last_execution is not null`;
    await expect.poll(async () => (await rowsOf(seen)).length, { timeout: 20_000 }).toBe(1);
    await expect.poll(() => done, { timeout: 20_000 }).toBe(1);
    // The other's turn comes within the tenth of a second by which the clock was before the minute.
    await new Promise((over) => setTimeout(over, 300));
  } finally {
    vi.useRealTimers();
    await Promise.all(servers.map((server) => server.stop()));
  }
  expect(await rowsOf(`select from graphile_worker.jobs`)).toEqual([]);
  expect(done).toBe(1);
});

it('is begun again where its database was away when it started', async () => {
  const name = new URL(database.url).pathname.slice(1);
  const gate = new URL(database.url);
  gate.pathname = '/postgres';
  const allow = (allowed: boolean) =>
    rowsOf(`alter database "${name}" allow_connections ${allowed}`, gate.href);
  await allow(false);
  let done = 0;
  const jobs = [{ name: 'late', cron: '0 0 1 1 *', work: () => Promise.resolve((done += 1)) }];
  const told: string[] = [];
  const log = { ...quiet, error: (_fields: unknown, text: string) => void told.push(text) };
  const schedule = keepSchedule(database.url, jobs, { log, againMs: 50 });
  try {
    await expect
      .poll(() => told, { timeout: 20_000 })
      .toContain('the scheduler does not run, trying again in 0.05 s');
    await allow(true);
    await rowsOf(`select graphile_worker.add_job('late')`);
    await expect.poll(() => done, { timeout: 20_000 }).toBe(1);
  } finally {
    await allow(true);
    await schedule.stop();
  }
});

/** The application itself has no right to the scheduler's tables: as the owner. */
async function rowsOf(statement: string, url = database.url): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
}
