import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectStatus, startChangeWorld, type ChangeWorld } from '../kit/changes.ts';
import type { Answer, TestAccount } from '../kit/server.ts';

let world: ChangeWorld;
beforeAll(async () => {
  world = await startChangeWorld();
});
afterAll(() => world.server.stop());

type Headers = Readonly<Record<string, string>>;
interface Sent {
  readonly body?: unknown;
  readonly headers?: Headers;
}
const ask = (who: TestAccount, method: string, path: string, sent: Sent = {}) =>
  world.server.ask(method, `/api/v1${path}`, { token: who.token, ...sent });
const etagOf = (answer: Answer): string => {
  expect(answer.headers.get('etag')).toMatch(/^"[0-9a-f]{32}\.[0-9a-f]{32}"$/);
  return answer.headers.get('etag') ?? '';
};
const read = async (who: TestAccount, path: string): Promise<string> =>
  etagOf(expectStatus(await ask(who, 'GET', path), 200));
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();

/** One of everything that can be changed under a condition: where it is read, and a write to it. */
interface Case {
  readonly read: string;
  readonly write: readonly [who: TestAccount, method: string, path: string, body?: unknown];
}

async function cases(): Promise<Case[]> {
  const { ana, ben, mona, rhea, server } = world;
  const admin = server.admin;
  const change = await world.open();
  const text = { kind: 'hard', environments: ['illumidesk.com'], category: 'other', reason: 'summit' };
  const wish = { ...text, start: inDays(100), end: inDays(101) };
  const lock = expectStatus(await ask(mona, 'POST', '/locks', { body: wish }), 201).body;
  const hook = { url: 'http://127.0.0.1:9/hook', description: 'the bridge' };
  const webhook = expectStatus(await ask(admin, 'POST', '/webhooks', { body: hook }), 201).body;
  const burning = { title: 'Disk full', severity: 'S4' };
  const incident = expectStatus(await ask(ben, 'POST', '/incidents', { body: burning }), 201).body;
  const source = { url: 'http://127.0.0.1:9/c.ics', people: [{ summary: 'Ana', person: 'ana' }] };
  expectStatus(await ask(admin, 'PUT', '/rota/sources/cmoc', { body: source }), 200);
  const of = `/changes/${change.id}`;
  const approval = { as: 'reviewer', for: 'plan', digest: change.digest };
  return [
    { read: of, write: [rhea, 'POST', `${of}/approvals`, approval] },
    {
      read: of,
      write: [
        ana,
        'POST',
        `${of}/schedule`,
        { slot: { start: inDays(7), end: inDays(7.1) }, tentative: true },
      ],
    },
    { read: of, write: [ana, 'POST', `${of}/cancel`, { reason: 'no' }] },
    { read: `/locks/${lock.id}`, write: [mona, 'POST', `/locks/${lock.id}/edits`, { ...wish, version: 1 }] },
    { read: `/webhooks/${webhook.id}`, write: [admin, 'DELETE', `/webhooks/${webhook.id}`] },
    {
      read: `/incidents/${incident.id}`,
      write: [ben, 'POST', `/incidents/${incident.id}/notes`, { text: 'It is the log.' }],
    },
    { read: '/rota/sources/cmoc', write: [admin, 'DELETE', '/rota/sources/cmoc'] },
    { read: '/people/ben', write: [admin, 'PATCH', '/people/ben', { displayName: 'Ben' }] },
    {
      read: '/me/workday',
      write: [ben, 'PUT', '/me/workday', { zone: 'UTC', begins: '08:00', ends: '16:00' }],
    },
    {
      read: '/directory',
      write: [admin, 'PUT', '/directory', { file: 'd.yaml', text: 'version: directory/1' }],
    },
  ];
}

describe('a conditional write', () => {
  it('is done where nothing moved since it was read, and else is 412 and does nothing', async () => {
    for (const { read: path, write } of await cases()) {
      const [who, method, where, body] = write;
      const seen = await read(who, path);
      expect((await ask(who, 'GET', path, { headers: { 'if-none-match': `W/${seen}` } })).status).toBe(304);
      const other = `"${'0'.repeat(32)}.${'0'.repeat(32)}"`;
      for (const tags of [other, `W/${seen}`, `${other}, W/${seen}`]) {
        const stale = await ask(who, method, where, { body, headers: { 'if-match': tags } });
        expect(stale, `${method} ${where}`).toMatchObject({ status: 412, body: { code: 'stale' } });
        expect(stale.headers.get('content-type')).toMatch(/^application\/problem\+json/);
      }
      expect(await read(who, path), `${method} ${where}`).toBe(seen);
      const done = await ask(who, method, where, { body, headers: { 'if-match': `${other} ,, ${seen}` } });
      expect([200, 201, 202], `${method} ${where}: ${JSON.stringify(done.body)}`).toContain(done.status);
      const again = await ask(who, method, where, { body, headers: { 'if-match': seen } });
      expect(again.status, `${method} ${where}`).toBe(412);
    }
  });

  it('is compared in its own transaction: of two at once one is done', async () => {
    const { admin } = world.server;
    for (let round = 0; round < 3; round += 1) {
      const seen = await read(admin, '/people/rolf');
      const names = ['one', 'two', 'three', 'four'].map((name) => `${name} ${round}`);
      const answers = await Promise.all(
        names.map((displayName) =>
          ask(admin, 'PATCH', '/people/rolf', { body: { displayName }, headers: { 'if-match': seen } }),
        ),
      );
      expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 412, 412, 412]);
    }
  });

  it('of a slot that is asked for, too', async () => {
    const change = await world.open();
    const sent = { body: { slot: null }, headers: { 'if-match': '"another"' } };
    const answer = await ask(world.ana, 'POST', `/changes/${change.id}/schedule`, sent);
    expect(answer).toMatchObject({ status: 412, body: { code: 'stale' } });
  });

  it('is recorded where it is refused', async () => {
    const { admin } = world.server;
    const before = (await world.recorded(0)).length;
    await ask(admin, 'PATCH', '/people/rolf', {
      body: { displayName: 'x' },
      headers: { 'if-match': '"another"' },
    });
    expect(await world.recorded(before)).toMatchObject([
      { type: 'person.changed', outcome: 'deny', details: { code: 'stale' } },
    ]);
  });

  it('asks for what is not there yet by `If-None-Match: *`', async () => {
    const { admin } = world.server;
    const source = { url: 'http://127.0.0.1:9/c.ics', people: [{ summary: 'Ana', person: 'ana' }] };
    const put = (headers: Headers) => ask(admin, 'PUT', '/rota/sources/imoc', { body: source, headers });
    expect((await put({ 'if-match': '*' })).status).toBe(412);
    expectStatus(await put({ 'if-none-match': '*' }), 200);
    expect((await put({ 'if-none-match': '*' })).body.code).toBe('stale');
    expectStatus(await put({ 'if-match': '*' }), 200);
  });

  it('is no way around a route without tags, and a malformed tag is no absent one', async () => {
    const { ben, server } = world;
    const burning = { title: 'Disk full', severity: 'S4' };
    expect(
      (await ask(ben, 'POST', '/incidents', { body: burning, headers: { 'if-match': '"a"' } })).body.code,
    ).toBe('stale');
    const body = { displayName: 'Benjamin' };
    for (const tag of ['a', '"a', '"a" b', ',', "'a'"]) {
      const answer = await ask(server.admin, 'PATCH', '/people/ben', { body, headers: { 'if-match': tag } });
      expect(answer, tag).toMatchObject({ status: 400, body: { code: 'invalid' } });
    }
    // Who is not there is not there, whatever is expected of them.
    const nobody = await ask(server.admin, 'PATCH', '/people/nobody', {
      body,
      headers: { 'if-match': '"a"' },
    });
    expect(nobody.status).toBe(404);
  });
});

describe('an entity tag', () => {
  it('moves with each word about a change, and with the verdict that is shown', async () => {
    const { ana, rhea, cora } = world;
    const change = await world.open();
    const path = `/changes/${change.id}`;
    const first = await read(ana, path);
    expect(await read(ana, path)).toBe(first);
    await change.approve(rhea, 'reviewer');
    const approved = await read(ana, path);
    expect(approved.split('.')[0]).not.toBe(first.split('.')[0]);
    const veto = expectStatus(
      await ask(cora, 'POST', '/vetoes', { body: { change: change.id, reason: 'not now' } }),
      201,
    );
    const vetoed = await read(ana, path);
    expect(vetoed).not.toBe(approved);
    // What others do besides makes no write stale; the write asks the verdict anew.
    expect(vetoed.split('.')[0]).toBe(approved.split('.')[0]);
    expectStatus(await ask(cora, 'POST', `/vetoes/${veto.body.id}/lift`), 200);
    expectStatus(
      await ask(ana, 'POST', `${path}/cancel`, {
        body: { reason: 'no' },
        headers: { 'if-match': approved },
      }),
      200,
    );
  });

  it('answers 304 without a body to any of the tags that a reader has', async () => {
    const { ben } = world;
    const seen = await read(ben, '/people/cora');
    for (const tags of ['*', seen, `W/${seen}`, `"a,b", ${seen}`]) {
      const answer = await ask(ben, 'GET', '/people/cora', { headers: { 'if-none-match': tags } });
      expect([answer.status, answer.body, answer.headers.get('etag')], tags).toEqual([304, '', seen]);
    }
    expect((await ask(ben, 'GET', '/people/cora', { headers: { 'if-none-match': '"a"' } })).status).toBe(200);
    expect((await ask(ben, 'GET', '/people/cora', { headers: { 'if-match': '"a"' } })).status).toBe(412);
  });
});
