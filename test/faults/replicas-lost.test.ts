import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startEmbedded, type Embedded } from '../../src/embedded/server.ts';
import { runInterlock } from '../kit/interlock-process.ts';
import { openStream, startReplicas, type Replica, type Replicas } from '../kit/replicas.ts';
import { scratchParent } from '../kit/scratch.ts';
import type { Answer } from '../kit/server.ts';

let folder: string;
let database: Embedded;
let two: Replicas;
beforeAll(async () => {
  folder = await mkdtemp(path.join(scratchParent(), 'interlock-lost-'));
  database = await startDatabase();
  two = await startReplicas(database.url);
});
afterAll(async () => {
  await two.stop();
  await database.stop();
  await rm(folder, { recursive: true, force: true });
});

/** A server of this file's own, for it is stopped. */
const startDatabase = () =>
  startEmbedded({ dataDir: path.join(folder, 'data'), log: () => undefined, diesWithUs: true });

const count = async (of: string) =>
  Number((await two.rows<{ n: string }>(`select count(*) as n from ${of}`))[0]?.n);

/** What callers were told while they wrote. */
interface Told {
  /** Names of people whose making was acknowledged. */
  readonly acknowledged: string[];
  /** Every other answer. */
  readonly others: Answer[];
  /** Calls that nobody answered. */
  readonly unanswered: string[];
}

/** Several callers at once, each writing one after the other, `writes` in all; `after` so many answers `meanwhile` is begun. */
async function load(
  serverOf: (caller: number) => Replica,
  {
    prefix,
    writes,
    at,
    meanwhile,
  }: { prefix: string; writes: number; at: number; meanwhile: () => Promise<unknown> },
): Promise<Told> {
  const told: Told = { acknowledged: [], others: [], unanswered: [] };
  let next = 0;
  let disaster: Promise<unknown> | undefined;
  const caller = async (which: number) => {
    while (next < writes) {
      const name = `${prefix}-${(next += 1)}`;
      const answer = await serverOf(which)
        .ask('POST', '/api/v1/people', { name, displayName: name })
        .catch(() => null);
      if (answer === null) told.unanswered.push(name);
      else if (answer.status === 201) told.acknowledged.push(name);
      else told.others.push(answer);
      if (told.acknowledged.length >= at) disaster ??= meanwhile();
    }
  };
  await Promise.all(Array.from({ length: 8 }, (_, which) => caller(which)));
  await disaster;
  return told;
}

async function allThere({ acknowledged }: Told): Promise<void> {
  const stored = await two.rows<{ name: string }>('select name from people');
  const names = new Set(stored.map(({ name }) => name));
  expect(acknowledged.filter((name) => !names.has(name))).toEqual([]);
  const recorded = await two.rows<{ object: string }>(
    `select object from ledger_entries where entry::jsonb ->> 'type' = 'person.created'`,
  );
  const objects = new Set(recorded.map(({ object }) => object));
  expect(acknowledged.filter((name) => !objects.has(`person/${name}`))).toEqual([]);
}

async function verifies(): Promise<void> {
  const { stdout, stderr } = await runInterlock(['ledger', 'verify'], two.environment('looking'));
  expect(stdout, stderr).toMatch(/^The ledger verifies: \d+ entries/);
}

/** Has a job of the clock begin and wait in the middle, as one whose work takes its time; names the server that does it. */
async function jobUnderWay(): Promise<{ server: string; release: () => Promise<void> }> {
  const owner = new Client({ connectionString: database.url });
  owner.on('error', () => undefined);
  await owner.connect();
  await owner.query('begin; lock table tasks in access exclusive mode');
  await turn();
  const waiting = `select application_name as server from pg_stat_activity
    where wait_event_type = 'Lock' and query like '%tasks%' and application_name like 'interlock-%'`;
  await expect.poll(async () => (await two.rows(waiting)).length, { timeout: 20_000 }).toBeGreaterThan(0);
  const [found] = await two.rows<{ server: string }>(waiting);
  return { server: found?.server ?? '', release: () => owner.end() };
}

/** What the clock does when the job is due. */
const turn = () =>
  two.rows(
    `select graphile_worker.add_job('remind-of-tasks', job_key => 'remind-of-tasks', job_key_mode => 'preserve_run_at')`,
  );

it('PostgreSQL stopped and started under load: 503 meanwhile, never 500, and both go on by themselves', async () => {
  const [a, b] = two.servers;
  const streams = await Promise.all(two.servers.map((server) => openStream(server.url, two.token)));
  await jobUnderWay();
  const told = await load((caller) => (caller % 2 === 0 ? a : b), {
    prefix: 'restart',
    writes: 160,
    at: 40,
    meanwhile: async () => {
      await database.stop();
      database = await startDatabase();
    },
  });
  expect(told.unanswered).toEqual([]);
  expect(told.others.length).toBeGreaterThan(0);
  for (const { status, headers, body } of told.others) {
    expect({ status, type: headers.get('content-type'), code: body.code }).toEqual({
      status: 503,
      type: 'application/problem+json; charset=utf-8',
      code: 'unavailable',
    });
  }
  await allThere(told);
  await verifies();
  // Each stream says that it may have missed something, and goes on.
  for (const stream of streams) await stream.until(/event: reload[^]*event: reload[^]*event: reload/);
  await a.ask('POST', '/api/v1/people', { name: 'after-a', displayName: 'after' });
  await b.ask('POST', '/api/v1/people', { name: 'after-b', displayName: 'after' });
  for (const stream of streams) await stream.until(/person\/after-a[^]*person\/after-b/);
  for (const stream of streams) stream.close();
  await remindsAndDelivers('restart');
});

it('KILL of one under load: nothing acknowledged is lost, and the other goes on, also with what the dead one was at', async () => {
  await two.rows(`
    insert into tasks (key, kind, title, owner, due_at)
      values ('half-done', 'catch-up', 'task half done', 'admin', now() - interval '1 hour')`);
  const job = await jobUnderWay();
  const names = ['interlock-a', 'interlock-b'];
  const victim = names.indexOf(job.server) === 0 ? two.servers[0] : two.servers[1];
  const other = victim === two.servers[0] ? two.servers[1] : two.servers[0];
  expect(names).toContain(job.server);
  let alive = true;
  const told = await load((caller) => (alive && caller % 2 === 0 ? victim : other), {
    prefix: 'killed',
    writes: 200,
    at: 60,
    meanwhile: async () => {
      const ended = victim.end('SIGKILL');
      alive = false;
      await ended;
    },
  });
  expect(told.others).toEqual([]);
  expect(told.unanswered.length).toBeLessThanOrEqual(4);
  expect(told.acknowledged.length).toBeGreaterThanOrEqual(196);
  await allThere(told);
  await verifies();
  await job.release();
  await remindsAndDelivers('killed');
  expect(await count(`notices where body like '%task half done'`)).toBe(1);
  // The dead one's own row is nobody's way: it has no key any more, and is taken up after four hours.
  expect(await count(`graphile_worker.jobs where key is not null`)).toBe(0);
  const revived = await two.start(job.server.replace('interlock-', ''));
  expect((await revived.ask('GET', '/readyz')).status).toBe(200);
});

it('with PostgreSQL away a server stops when told to, also in the middle of a job', async () => {
  await jobUnderWay();
  await database.stop();
  const ended = await Promise.all(two.running().map((server) => server.end('SIGTERM')));
  expect(ended.map(({ status }) => status)).toEqual([0, 0]);
  database = await startDatabase();
});

async function remindsAndDelivers(key: string): Promise<void> {
  await two.rows(`
    insert into tasks (key, kind, title, owner, due_at)
      values ('${key}', 'catch-up', 'task of ${key}', 'admin', now() - interval '1 hour');
    insert into outbox (key, topic, payload)
      values ('${key}', 'say', jsonb_build_object('about', 'test', 'body', 'said of ${key}'));`);
  await turn();
  await expect.poll(() => count(`messages where body = 'said of ${key}'`), { timeout: 20_000 }).toBe(1);
  await expect.poll(() => count(`notices where body like '%task of ${key}'`), { timeout: 20_000 }).toBe(1);
}
