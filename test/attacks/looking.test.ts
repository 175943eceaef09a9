import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { everything } from '../kit/attacks.ts';
import { confirmLock, expectStatus, slotIn, startChangeWorld, type ChangeWorld } from '../kit/changes.ts';
import type { TestAccount } from '../kit/server.ts';

// TRUST.md section 5, attacks 20 and 42, on every route that there is: looking changes nothing, and nothing comes as a table that
// a spreadsheet opens.
let world: ChangeWorld;
let caller: TestAccount;
let paths: readonly string[];
/** What stands in the place of a parameter, so that as many routes as can be answer with something. */
const NAMES: Record<string, string> = {
  name: 'ana',
  change: 'CHG-1',
  run: 'RUN-1',
  claim: 'CLAIM-1',
  dryRun: '1',
  revision: '1',
  a: '1',
  b: '2',
  number: '1',
  approval: '1',
  index: '1',
  kind: 'recording',
  '*': '0/000',
};
const QUERIES: Record<string, string> = {
  '/api/v1/calendar': '?from=2026-11-01T00:00:00Z&to=2026-11-08T00:00:00Z',
  '/api/v1/ledger/consistency': '?from=1',
};

const ofId = (path: string): string => {
  if (path.includes('/locks/')) return 'LOCK-1';
  if (path.includes('/incidents/')) return 'INC-1';
  return path.includes('/webhooks/') ? '1' : 'CHG-1';
};
const fill = (path: string) =>
  path
    .replace('/procedures/{name}', '/procedures/raise-work-mem')
    .replaceAll(/\{([^}]+)\}/g, (_, name: string) => NAMES[name] ?? (name === 'id' ? ofId(path) : 'x')) +
  (QUERIES[path] ?? '');

beforeAll(async () => {
  world = await startChangeWorld();
  const { server } = world;
  caller = await server.account('wanda', {
    roles: ['admin', 'management', 'reviewer', 'vpe', 'director'],
    scopes: ['read', 'ask', 'act', 'admin'],
  });
  await server.onCall({ eoc: 'wanda', imoc: 'ira' });
  const say = (method: string, path: string, body: unknown, who = caller) =>
    server.ask(method, `/api/v1/${path}`, { token: who.token, body });
  const change = await world.open();
  expectStatus(await change.edit(world.ana, { set: { impact: 'Another one.' } }), 200);
  expectStatus(
    await change.approve(world.rhea, 'reviewer', { digest: (await change.show(world.ana)).digest }),
    201,
  );
  await change.say(world.ana, '/schedule', { slot: slotIn(3_600_000), tentative: true });
  const claim = {
    environment: 'illumidesk.com',
    criticality: 'C4',
    severity: 'S4',
    deployment: 'production',
  };
  const more = { estimateMinutes: 5, rollbackMinutes: 5, idempotencyKey: 'looking-1' };
  expectStatus(await say('POST', 'claims', { ...claim, ...more }), 201);
  expectStatus(await say('POST', 'incidents', { title: 'down', severity: 'S3' }), 201);
  const lock = { kind: 'soft', environments: ['illumidesk.com'], category: 'other', reason: 'A holiday.' };
  const { id } = expectStatus(
    await say('POST', 'locks', { ...lock, first: '2030-01-01', last: '2030-01-01' }),
    201,
  ).body;
  expectStatus(await confirmLock(server, world.vera, id), 200);
  const documented = (await server.ask('GET', '/api/v1/openapi.json', { token: caller.token })).body.paths;
  paths = Object.keys(documented).filter((path) => documented[path].get !== undefined);
});
afterAll(() => world.server.stop());

/** One look, as somebody who may do everything, at the bastion; of a stream only its beginning. */
async function look(method: 'GET' | 'HEAD', path: string) {
  const abort = new AbortController();
  const response = await fetch(world.server.url + fill(path), {
    method,
    headers: { authorization: `Bearer ${caller.token}`, 'interlock-bastion': world.bastion },
    signal: abort.signal,
    redirect: 'manual',
  });
  if (path === '/api/v1/stream') abort.abort();
  else await response.arrayBuffer();
  return { path, status: response.status, type: response.headers.get('content-type')?.split(';')[0] ?? null };
}

describe('20: looking, by whoever may do everything', () => {
  it.each(['GET', 'HEAD'] as const)(
    'changes nothing by %s, on any route of the description',
    async (method) => {
      const before = await everything(world.server);
      const looks = [];
      for (const path of paths) looks.push(await look(method, path));
      expect(looks.length).toBeGreaterThan(50);
      expect(looks.filter(({ status }) => status >= 500)).toEqual([]);
      // Most have something to show: a walk past closed doors would show nothing.
      expect(looks.filter(({ status }) => status === 200).length).toBeGreaterThan(45);
      expect(await everything(world.server)).toEqual(before);
    },
  );

  it('is not what a request becomes by a header or a parameter', async () => {
    const before = await everything(world.server);
    for (const headers of [{ 'x-http-method-override': 'POST' }, { 'x-method-override': 'DELETE' }])
      await world.server.ask('GET', '/api/v1/changes/CHG-1?_method=DELETE', { token: caller.token, headers });
    expect(await everything(world.server)).toEqual(before);
  });
});

it('42: no route answers with a table that a spreadsheet would open', async () => {
  const types = new Set((await Promise.all(paths.map((path) => look('GET', path)))).map(({ type }) => type));
  expect([...types].toSorted((a, b) => String(a).localeCompare(String(b)))).toEqual([
    'application/json',
    'application/problem+json',
    'text/event-stream',
    'text/plain',
  ]);
});

it('42: a file that was attached as one is saved as it came, and never shown', async () => {
  const url = `${world.server.url}/api/v1/changes/CHG-1/attachments`;
  const headers = { authorization: `Bearer ${caller.token}` };
  const sent = await fetch(`${url}?name=rows.csv`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'text/csv' },
    body: "=cmd|' /C calc'!A0,1\n",
  });
  const { number } = (await sent.json()) as { number: number };
  const got = await fetch(`${url}/${number}`, { headers });
  expect(got.headers.get('content-disposition')).toMatch(/^attachment; /);
  expect(got.headers.get('content-security-policy')).toMatch(/^sandbox; /);
});
