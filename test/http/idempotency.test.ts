import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { forgetOldAnswers } from '../../src/app/once.ts';
import { KEYED_IN_BODY, UNKEYED } from '../../src/http/idempotency.ts';
import { expectStatus, sentPlan, startChangeWorld, type ChangeWorld } from '../kit/changes.ts';
import type { TestAccount } from '../kit/server.ts';

let world: ChangeWorld;
beforeAll(async () => {
  world = await startChangeWorld();
});
afterAll(() => world.server.stop());

let keys = 0;
const newKey = () => `intention-${String((keys += 1))}`;
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
const send = (who: TestAccount, path: string, body: unknown, key: string) =>
  world.server.ask('POST', `/api/v1${path}`, {
    token: who.token,
    ...(body !== undefined && { body }),
    headers: { 'idempotency-key': key },
  });

interface Case {
  readonly table: string;
  readonly who: TestAccount;
  readonly path: string;
  readonly body?: unknown;
  /** The same route, another request; without one there is only one thing to ask for. */
  readonly other?: unknown;
}

async function cases(): Promise<Case[]> {
  const { ana, ben, cora, mona, rhea, server } = world;
  const { admin } = server;
  const change = await world.open();
  const of = `/changes/${change.id}`;
  const lock = { kind: 'hard', environments: ['illumidesk.com'], category: 'other', reason: 'summit' };
  const dated = { ...lock, start: inDays(90), end: inDays(91) };
  const title = { title: 'Disk full', severity: 'S4' };
  const incident = expectStatus(await send(ben, '/incidents', title, newKey()), 201).body;
  const cover = { rota: 'cmoc', person: 'ana', start: inDays(1), end: inDays(2) };
  const person = { name: 'newcomer', kind: 'person', displayName: 'New', botOf: null };
  const word = { as: 'reviewer', for: 'plan', digest: change.digest };
  return [
    { table: 'changes', who: ana, path: '/changes', body: sentPlan(), other: { ...sentPlan(), draft: true } },
    { table: 'changes', who: ana, path: '/templates/c4/draft', body: {}, other: { title: 'Another' } },
    { table: 'changes', who: ben, path: `${of}/clone`, body: {}, other: { draft: true } },
    { table: 'approvals', who: rhea, path: `${of}/approvals`, body: word, other: { ...word, voice: true } },
    {
      table: 'exceptions',
      who: ana,
      path: `${of}/exceptions`,
      body: { rule: 'allowed-hours', reason: 'There is none.' },
      other: { rule: 'allowed-hours', reason: 'None.' },
    },
    { table: 'verbal_words', who: ana, path: `${of}/verbal`, body: {} },
    {
      table: 'messages',
      who: ana,
      path: `${of}/discussion`,
      body: { body: 'Hello.' },
      other: { body: 'Bye.' },
    },
    { table: 'messages', who: ana, path: '/channel', body: { body: 'Hello.' }, other: { body: 'Bye.' } },
    {
      table: 'vetoes',
      who: cora,
      path: '/vetoes',
      body: { change: change.id, reason: 'not now' },
      other: { change: change.id, reason: 'never' },
    },
    { table: 'incidents', who: ben, path: '/incidents', body: title, other: { ...title, severity: 'S3' } },
    {
      table: 'incident_events',
      who: ben,
      path: `/incidents/${incident.id}/notes`,
      body: { text: 'It is the log.' },
      other: { text: 'It is not.' },
    },
    { table: 'locks', who: mona, path: '/locks', body: dated, other: { ...dated, end: inDays(92) } },
    {
      table: 'rota_entries',
      who: admin,
      path: '/rota/overrides',
      body: cover,
      other: { ...cover, end: inDays(3) },
    },
    { table: 'rota_hand_overs', who: cora, path: '/rota/hand-overs', body: { rota: 'eoc', to: 'ana' } },
    { table: 'people', who: admin, path: '/people', body: person, other: { ...person, displayName: 'X' } },
  ];
}

describe('the same key', () => {
  it('gets the same answer, and what it asked for is done once', async () => {
    for (const { table, who, path, body, other } of await cases()) {
      const key = newKey();
      const first = await send(who, path, body, key);
      expect([200, 201], `${path}: ${JSON.stringify(first.body)}`).toContain(first.status);
      const made = await world.rows(table);
      const entries = (await world.recorded(0)).length;
      const again = await send(who, path, body, `"${key}"`);
      expect([again.status, again.body], path).toEqual([first.status, first.body]);
      const index = 'interlock-ledger-index';
      expect(again.headers.get(index), path).toBe(first.headers.get(index));
      if (other !== undefined) {
        const reused = await send(who, path, other, key);
        expect(reused, path).toMatchObject({ status: 409, body: { code: 'conflict' } });
      }
      expect(await world.rows(table), path).toBe(made);
      expect((await world.recorded(0)).length, path).toBe(entries);
    }
  });

  it('of a slot that was accepted gives it again, and of a refusal asks anew', async () => {
    const change = await world.open();
    const slot = { start: inDays(0.01), end: inDays(0.06) };
    expectStatus(await change.say(world.ana, '/schedule', { slot, tentative: true }), 200);
    expectStatus(await change.approve(world.rhea, 'reviewer'), 201);
    expectStatus(await change.approve(world.cora, 'eoc'), 201);
    const [key, path] = [newKey(), `/changes/${change.id}/schedule`];
    const first = expectStatus(await send(world.ana, path, { slot }, key), 200);
    expect(first.body.decision.allowed).toBe(true);
    const entries = (await world.recorded(0)).length;
    expect((await send(world.ana, path, { slot }, key)).body).toEqual(first.body);
    expect((await world.recorded(0)).length).toBe(entries);
    const veto = { change: change.id, reason: 'not now' };
    const early = newKey();
    expect((await send(world.ana, '/vetoes', veto, early)).status).toBe(409);
    expectStatus(await send(world.cora, '/vetoes', veto, early), 201);
  });

  it('is no other caller’s, no other route’s, and is well formed', async () => {
    const key = newKey();
    const body = { body: 'Hello.' };
    const first = expectStatus(await send(world.ana, '/channel', body, key), 201);
    expect(expectStatus(await send(world.ben, '/channel', body, key), 201).body).not.toEqual(first.body);
    const change = await world.open();
    const elsewhere = await send(world.ana, `/changes/${change.id}/discussion`, body, key);
    expect(elsewhere).toMatchObject({ status: 409, body: { code: 'conflict' } });
    for (const malformed of ['short', 'white space', 'x'.repeat(121), ''])
      expect((await send(world.ana, '/channel', body, malformed)).status, malformed).toBe(400);
  });

  it('is let go after its days', async () => {
    const key = newKey();
    const first = expectStatus(await send(world.ana, '/channel', { body: 'Old.' }, key), 201);
    const age = (interval: string) =>
      world.asOwner(`update idempotent_answers set at = now() - interval '${interval}' where key = '${key}'`);
    await age('6 days 23 hours');
    await forgetOldAnswers(world.server.context);
    expect((await send(world.ana, '/channel', { body: 'Old.' }, key)).body).toEqual(first.body);
    await age('7 days 1 minute');
    expect(await forgetOldAnswers(world.server.context)).toBe(1);
    expect((await send(world.ana, '/channel', { body: 'Old.' }, key)).body).not.toEqual(first.body);
  });
});

it('of what is shown once shows nothing again, makes nothing again, and keeps no secret', async () => {
  const { admin } = world.server;
  const hook = { url: 'http://127.0.0.1:9/hook', description: 'the bridge' };
  const shown: readonly (readonly [who: TestAccount, path: string, body: unknown])[] = [
    [admin, '/people/ana/tokens', { label: 'laptop' }],
    [admin, '/webhooks', hook],
    [world.ana, '/calendar/feeds', { label: 'phone' }],
    [admin, '/bastions', { name: 'bastion-9', environment: 'illumidesk.com', role: 'bastion' }],
    [
      admin,
      '/people',
      { name: 'sam', kind: 'person', displayName: 'S', botOf: null, password: 'tip-top-9-boats' },
    ],
  ];
  for (const [who, path, body] of shown) {
    const key = newKey();
    const first = expectStatus(await send(who, path, body, key), 201).body;
    const again = await send(who, path, body, key);
    expect(again, path).toMatchObject({ status: 409, body: { code: 'done_before' } });
    const entry = (await world.recorded(0))[Number(again.body.ledgerIndex)];
    expect(entry, path).toMatchObject({ outcome: 'allow' });
    const secret = first.secret ?? first.key ?? first.path?.split('/')[2] ?? 'tip-top-9-boats';
    expect(await world.rows(`idempotent_answers t where t::text like '%${secret}%'`), path).toBe(0);
    expect(
      await world.rows(
        `idempotent_answers where key = '${key}' and answer is null and request_digest is null`,
      ),
    ).toBe(1);
  }
});

describe('every POST', () => {
  it('takes the header, or stands in the list of those that need none', async () => {
    const asked = await world.server.ask('GET', '/api/v1/openapi.json', { token: world.ana.token });
    const paths = Object.entries<Record<string, { parameters?: { name: string }[] }>>(asked.body.paths);
    const posts = paths.flatMap(([path, { post }]) => (post ? [{ path, post }] : []));
    const [taking, not] = [true, false].map((takes) =>
      posts
        .filter(
          ({ post }) => takes === (post.parameters?.some((one) => one.name === 'Idempotency-Key') ?? false),
        )
        .map(({ path }) => path.replaceAll(/\{(\w+)\}/g, ':$1')),
    );
    expect(not?.toSorted()).toEqual(Object.keys(UNKEYED).toSorted());
    for (const path of KEYED_IN_BODY) expect(taking).toContain(path);
    for (const reason of Object.values(UNKEYED)) expect(reason.length).toBeGreaterThan(10);
  });
});
