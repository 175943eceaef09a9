import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLogKey } from '../../src/store/ledger-key.ts';
import { runInterlock } from '../kit/interlock-process.ts';
import { DISARM } from '../kit/ledger.ts';
import { SHIPPED_POLICY } from '../kit/server.ts';
import { openStream, startReplicas, type Replica, type Replicas } from '../kit/replicas.ts';

let two: Replicas;
let a: Replica;
let b: Replica;
beforeAll(async () => {
  two = await startReplicas();
  [a, b] = two.servers;
});
afterAll(() => two.stop());

const person = (server: Replica, name: string) =>
  server.ask('POST', '/api/v1/people', { name, displayName: name });
const delivered = () => count('webhook_deliveries where delivered_at is not null');
const count = async (of: string) =>
  Number((await two.rows<{ n: string }>(`select count(*) as n from ${of}`))[0]?.n);

describe('two servers of one database', () => {
  it('that start at once make one first administrator and one key', async () => {
    expect(await count('people')).toBe(1);
    expect((await a.ask('GET', '/api/v1/me')).body).toMatchObject({ name: 'admin' });
    expect((await b.ask('GET', '/api/v1/me')).body).toMatchObject({ name: 'admin' });
  });

  it('let no third start with another key, and say which it needs and where to name it', async () => {
    const keyFile = path.join(two.folder, 'other.key');
    await createLogKey(keyFile);
    const third = { ...two.environment('third'), INTERLOCK_LEDGER_KEY_FILE: keyFile };
    const { status, stderr } = await runInterlock(['serve'], third);
    const needed = (await two.rows<{ vkey: string }>('select vkey from ledger_signer'))[0]?.vkey;
    expect(stderr).toContain(
      `expected the key that signs this ledger, \`${needed}\`, at \`${keyFile}\`, got`,
    );
    expect(stderr).toContain('name the right file by INTERLOCK_LEDGER_KEY_FILE');
    expect(stderr).not.toContain('PRIVATE');
    expect(status).toBe(1);
  });

  it('write at once into one ledger, which has every entry once and verifies', async () => {
    const before = await count('ledger_entries');
    const names = Array.from({ length: 40 }, (_, index) => `person-${index}`);
    const answers = await Promise.all(names.flatMap((name) => [person(a, name), person(b, name)]));
    expect(answers.map(({ status }) => status).toSorted((x, y) => x - y)).toEqual([
      ...names.map(() => 201),
      ...names.map(() => 409),
    ]);
    const [ends] = await two.rows('select min(index) as first, max(index) as last from ledger_entries');
    const entries = await count('ledger_entries');
    expect(ends).toEqual({ first: '0', last: String(entries - 1) });
    expect(
      await count(`ledger_entries where index >= ${before} and entry::jsonb ->> 'outcome' = 'allow'`),
    ).toBe(40);
    const verified = await runInterlock(['ledger', 'verify'], two.environment('looking'));
    expect(verified.stdout).toMatch(/^The ledger verifies: \d+ entries/);
  });

  it('tell each other what is recorded', async () => {
    const heard = await Promise.all([a, b].map(({ url }) => openStream(url, two.token)));
    await person(a, 'told-by-a');
    await person(b, 'told-by-b');
    for (const stream of heard) await stream.until(/person\/told-by-a[^]*person\/told-by-b/);
    for (const stream of heard) stream.close();
  });

  it('know each other’s tokens and sessions, and what ended on one has ended on the other', async () => {
    await person(a, 'ana');
    const token = (await a.ask('POST', '/api/v1/people/ana/tokens', { label: 'laptop' })).body;
    expect((await b.ask('GET', '/api/v1/me', undefined, token.secret)).body).toMatchObject({ name: 'ana' });
    const cookie = await signIn(a, token.secret);
    expect((await me(b, cookie)).status).toBe(200);
    await signOut(b, cookie);
    expect((await me(a, cookie)).status).toBe(401);
    await b.ask('DELETE', `/api/v1/tokens/${token.id}`);
    expect((await a.ask('GET', '/api/v1/me', undefined, token.secret)).status).toBe(401);
  });

  it('take each turn of a job once, and deliver each effect of the outbox once', async () => {
    await two.rows(`
      insert into tasks (key, kind, title, owner, due_at)
        select 'due-' || n, 'catch-up', 'task ' || n, 'admin', now() - interval '1 hour' from generate_series(1, 100) n`);
    // What the clock does when a job is due, as often as there are servers, and once more.
    const again = Array.from({ length: 3 }, () => `select graphile_worker.add_job('remind-of-tasks')`);
    await Promise.all(again.map((statement) => two.rows(statement)));
    await bothAtOnce(
      'outbox',
      `insert into outbox (key, topic, payload) select 'said-' || n, 'say',
        jsonb_build_object('about', 'test', 'body', 'said ' || n) from generate_series(1, 150) n`,
    );
    await expect.poll(() => count('graphile_worker._private_jobs'), { timeout: 20_000 }).toBe(0);
    await expect.poll(() => count(`outbox where delivered_at is null`), { timeout: 20_000 }).toBe(0);
    expect(await count(`notices where kind = 'task-due'`)).toBe(100);
    expect(await count(`tasks where reminders = 1`)).toBe(100);
    expect(await count(`messages where body like 'said %'`)).toBe(150);
    expect(await count(`(select from messages where body like 'said %' group by body) as bodies`)).toBe(150);
  });

  it('post each message to a webhook once', async () => {
    const hook = await listenForPosts();
    const wanted = { url: hook.url, description: 'the data lake', types: ['person.created'] };
    await a.ask('POST', '/api/v1/webhooks', wanted);
    const names = Array.from({ length: 12 }, (_, index) => `posted-${index}`);
    await Promise.all(names.map((name, index) => person(index % 2 === 0 ? a : b, name)));
    await expect.poll(delivered, { timeout: 30_000 }).toBe(12);
    expect(new Set(hook.ids()).size).toBe(12);
    // Once more, with both looking for something to send at the same moment, and long enough to meet.
    const due = `
      create function linger() returns trigger language plpgsql as 'begin perform pg_sleep(0.2); return null; end';
      create trigger linger before update on webhook_deliveries for each statement execute function linger();
      update webhook_deliveries set delivered_at = null, attempts = 0, next_attempt_at = now()`;
    await bothAtOnce('webhook_deliveries', due);
    await expect.poll(delivered, { timeout: 30_000 }).toBe(12);
    expect(hook.ids()).toHaveLength(24);
    hook.close();
  });
});

const QUESTION = {
  environment: 'illumidesk.com',
  criticality: 'C4',
  severity: 'S4',
  estimateMinutes: 5,
  rollbackMinutes: 5,
};
const decide = (server: Replica) => server.ask('POST', '/api/v1/decisions', QUESTION);
const turn = (from: string, to: string) =>
  two.rows(`${DISARM} update ledger_entries set entry = replace(entry, '${from}', '${to}') where index = 2`);

describe('a third that is started with another policy', () => {
  it('puts it in force: the others decide nothing and say so, until they are started with it', async () => {
    const file = path.join(two.folder, 'policy.yaml');
    const shipped = await readFile(SHIPPED_POLICY, 'utf8');
    await writeFile(file, shipped.replace(/^name: .*$/m, 'name: stricter'));
    const ask = { environment: 'illumidesk.com', services: ['web'], criticality: 'C4', severity: 'S4' };
    const question = { ...ask, estimateMinutes: 1, rollbackMinutes: 1 };
    expect((await b.ask('POST', '/api/v1/decisions', question)).status).toBe(200);

    const third = await two.start('third', { INTERLOCK_POLICY: file });
    expect(await b.ask('POST', '/api/v1/decisions', question)).toMatchObject({
      status: 503,
      body: { code: 'policy_superseded' },
    });
    expect(await b.ask('GET', '/readyz')).toMatchObject({ status: 503, body: { policy: 'unavailable' } });
    expect((await third.ask('POST', '/api/v1/decisions', question)).status).toBe(200);
    await third.end('SIGTERM');

    // Whoever looks at the ledger later sees when which policy was enforced.
    const fourth = await two.start('fourth');
    expect((await b.ask('POST', '/api/v1/decisions', question)).status).toBe(200);
    await fourth.end('SIGTERM');
    const entries = await two.rows<{ type: string }>(
      `select entry::jsonb ->> 'type' as type from ledger_entries where object = 'policy/in-force'`,
    );
    expect(entries).toHaveLength(3);
  });
});

describe('a ledger that one of them finds wrong', () => {
  it('stops the other before its next answer, until one is started on a ledger that is right', async () => {
    expect((await decide(b)).status).toBe(200);
    await turn('"allow"', '"deny"');
    expect((await decide(b)).status).toBe(200);
    expect((await a.ask('POST', '/api/v1/ledger/verify')).body.sound).toBe(false);
    expect(await decide(b)).toMatchObject({ status: 503, body: { code: 'ledger_frozen' } });
    expect((await b.ask('GET', '/api/v1/now')).body.frozen).toContain('entry-altered');
    expect(await b.ask('GET', '/readyz')).toMatchObject({ status: 503, body: { ledger: 'unavailable' } });
    await turn('"deny"', '"allow"');
    expect((await decide(b)).status).toBe(503);
    const later = await two.start('later');
    await expect.poll(async () => (await decide(later)).status, { timeout: 20_000 }).toBe(200);
    expect((await decide(b)).status).toBe(200);
    expect((await decide(a)).body.code).toBe('ledger_frozen');
  });
});

/** Has work appear in a table at a moment at which both servers are about to look for some. */
async function bothAtOnce(table: string, statement: string): Promise<void> {
  const owner = new Client({ connectionString: two.environment('owner').DATABASE_URL });
  await owner.connect();
  await owner.query(`begin; lock table ${table} in access exclusive mode; ${statement}`);
  const waiting = `(select from pg_stat_activity where wait_event_type = 'Lock' and query like '%${table}%'
    and datname = current_database() group by application_name) as servers`;
  await expect.poll(() => count(waiting), { timeout: 20_000 }).toBe(2);
  await owner.query('commit');
  await owner.end();
}

async function signIn(server: Replica, token: string): Promise<string> {
  const response = await fetch(`${server.url}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'interlock-csrf': '1', origin: server.url },
    body: JSON.stringify({ token }),
  });
  expect(response.status).toBe(201);
  return response.headers.get('set-cookie')?.split(';')[0] ?? '';
}

const me = (server: Replica, cookie: string) => fetch(`${server.url}/api/v1/me`, { headers: { cookie } });

const signOut = (server: Replica, cookie: string) =>
  fetch(`${server.url}/api/v1/session`, {
    method: 'DELETE',
    headers: { cookie, 'interlock-csrf': '1', origin: server.url },
  });

async function listenForPosts() {
  const ids: string[] = [];
  const listener: Server = createServer((request, response) => {
    ids.push(String(request.headers['webhook-id']));
    request.resume().on('end', () => response.writeHead(204).end());
  });
  await new Promise<void>((ready) => listener.listen(0, '127.0.0.1', ready));
  const { port } = listener.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hook`,
    ids: () => ids,
    close: () => {
      listener.closeAllConnections();
      listener.close();
    },
  };
}
