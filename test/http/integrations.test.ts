import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { deliverDue } from '../../src/app/deliver.ts';
import { carry, queuesOf } from '../../src/app/outside/carry.ts';
import type { Connection, Taken } from '../../src/app/ports/connection.ts';
import { masking, Secret } from '../../src/integrations/peer/secret.ts';
import { githubSigned } from '../../src/integrations/signatures/schemes.ts';
import { startChangeWorld, type ChangeWorld, type OpenedChange } from '../kit/changes.ts';
import { walkPages } from '../kit/pages.ts';

const SECRET = 'a-secret-of-the-channel';

/** A channel elsewhere, as an island gives it to the server; what its peer says is the test's. */
let said: (id: string) => Taken | Promise<Taken> = () => ({ kind: 'taken', receipt: 'C1/17.1' });
let posted: { readonly id: string; readonly body: string; readonly thread: string | null }[] = [];
const channel: Connection = {
  name: 'slack',
  peer: 'slack.example',
  offers: {
    chat: {
      post: async ({ id, body, thread }) => {
        posted.push({ id, body, thread });
        return said(id);
      },
    },
  },
  hears: (request) =>
    githubSigned(request, [SECRET])
      ? {
          kind: 'heard',
          delivery: request.headers['x-delivery'] ?? '',
          events: [{ kind: 'issue-touched', issue: 'ops/changes#1' }],
        }
      : { kind: 'unverified' },
  test: async () => said('test'),
};

let world: ChangeWorld;
const edit = (text: string) =>
  text
    .replace('environments:', 'connections: { chat: slack }\nenvironments:')
    .replace('S2: { reviewers: 3', 'S2: { bridge: https://calls.example.com/s2, reviewers: 3')
    .replace(/^ +bridge-open: .*\n/m, '');
beforeAll(async () => {
  world = await startChangeWorld(edit, {
    connections: { all: [channel], mask: masking([new Secret(SECRET)]) },
  });
});
afterAll(() => world.server.stop());
beforeEach(async () => {
  said = () => ({ kind: 'taken', receipt: 'C1/17.1' });
  await world.asOwner('update outbox set next_attempt_at = now()');
  await turn();
  posted = [];
});

const admin = (method: string, rest: string) =>
  world.server.ask(method, `/api/v1/integrations${rest}`, { token: world.server.admin.token });
const newest = async () => (await admin('GET', '/slack/messages?limit=1')).body.messages[0];
const turn = async () => {
  await deliverDue(world.server.context);
  for (const { connection, direction } of queuesOf(world.server.context))
    await carry(world.server.context, connection, direction);
};
/** Time cannot be waited for here. */
const again = async () => {
  await world.asOwner('update outbox set next_attempt_at = now() where delivered_at is null');
  await turn();
};
const later = (because = 'busy', retryAfterMs: number | null = null) =>
  ({ kind: 'later', because, retryAfterMs }) as const;
const small = () => world.open({ set: { criticality: 'C3' } });

describe('a channel elsewhere', () => {
  it('makes an announcement by its receipt, and not before', async () => {
    const change = await small();
    said = () => later();
    expect((await change.say(world.ben, '/announce')).body).toEqual({ announcedAt: null });
    await turn();
    expect(await rows(change)).toEqual([{ delivered: false }]);
    said = () => ({ kind: 'taken', receipt: 'C1/17.5' });
    await again();
    expect(await rows(change)).toEqual([{ delivered: true }]);
    expect(posted.map(({ id }) => id)).toEqual([posted[0]!.id, posted[0]!.id]);
    expect((await world.server.ledger()).at(-1)).toMatchObject({
      type: 'change.announced',
      object: `change/${change.id}`,
      details: { connection: 'slack', delivered: 'C1/17.5' },
    });
  });

  it('has what is said of one thing in its order and in one thread', async () => {
    const change = await small();
    said = () => ({ kind: 'taken', receipt: 'C1/21' });
    for (const _ of [1, 2, 3]) await change.say(world.ben, '/announce');
    await turn();
    await turn();
    await turn();
    expect(posted.map(({ thread }) => thread)).toEqual([null, 'C1/21', 'C1/21']);
    const listed = await walkPages<{ id: string }>(
      { server: world.server, token: world.server.admin.token },
      { path: '/api/v1/integrations/slack/messages', list: 'messages', limit: 2 },
    );
    const numbers = listed.flat().map(({ id }) => Number(id));
    expect(listed.length).toBeGreaterThan(1);
    expect(numbers).toEqual([...new Set(numbers)].toSorted((a, b) => b - a));
    const ids = posted.map(({ id }) => Number(id.split(':').at(-1)));
    expect(ids).toEqual(ids.toSorted((a, b) => a - b));
  });

  it('is told by two servers at once a single time', async () => {
    const change = await small();
    await change.say(world.ben, '/announce');
    await Promise.all([turn(), turn(), turn()]);
    expect(posted).toHaveLength(1);
  });

  it('is left alone for as long as it says, with all that waits for it', async () => {
    const [one, two] = [await small(), await small()];
    said = () => later('slow down', 600_000);
    await one.say(world.ben, '/announce');
    await turn();
    await two.say(world.ben, '/announce');
    said = () => later('slow down', 600_000);
    await turn();
    for (const { nextAttemptAt } of (await admin('GET', '/slack/messages?state=waiting')).body.messages)
      expect(Date.parse(nextAttemptAt)).toBeGreaterThan(Date.now() + 500_000);
  });

  it('loses nothing that was given up: it is shown, warned of, and sent again', async () => {
    const change = await small();
    said = () => later(`not with ${SECRET}`);
    await change.say(world.ben, '/announce');
    for (let attempts = 0; attempts < 12; attempts += 1) await again();
    const dead = await newest();
    expect(dead).toMatchObject({ state: 'given-up', about: `change/${change.id}`, receipt: null });
    expect(dead.attempts).toHaveLength(12);
    expect(dead.attempts.at(-1)).toMatchObject({
      outcome: 'refused',
      because: 'not with [secret], 12 times',
    });
    expect((await admin('GET', '')).body.connections).toMatchObject([
      { name: 'slack', waiting: 0, givenUp: 1 },
    ]);
    const { findings } = (await world.server.ask('GET', '/api/v1/doctor', { token: world.ana.token })).body;
    expect(findings.find(({ part }: { part: string }) => part === 'integration slack')).toMatchObject({
      status: 'warning',
      text: expect.stringContaining('1 given up'),
    });
    expect((await admin('POST', `/slack/messages/${dead.id}/send`)).status).toBe(202);
    said = () => ({ kind: 'taken', receipt: 'C1/30' });
    await turn();
    expect(await newest()).toMatchObject({ id: dead.id, state: 'taken', receipt: 'C1/30' });
    expect((await admin('POST', `/slack/messages/${dead.id}/send`)).status).toBe(404);
  });

  it('is given what is new before what it did not take already', async () => {
    said = () => later();
    for (let count = 0; count < 5; count += 1) await (await small()).say(world.ben, '/announce');
    await turn();
    await turn();
    const fresh = await small();
    await fresh.say(world.ben, '/announce');
    await deliverDue(world.server.context);
    await world.asOwner('update outbox set next_attempt_at = now() where delivered_at is null');
    posted = [];
    await carry(world.server.context, channel, 'out');
    expect(posted.filter(({ body }) => body.includes(fresh.id))).toHaveLength(1);
  });

  it('that throws has said nothing for good', async () => {
    const change = await small();
    said = () => {
      throw new Error('a fault of the client');
    };
    await change.say(world.ben, '/announce');
    await turn();
    expect(await newest()).toMatchObject({ state: 'waiting', attempts: [{ outcome: 'later' }] });
  });

  it('is asked whether it would take something, by administrators', async () => {
    said = () => ({ kind: 'taken', receipt: 'the team of illumidesk' });
    expect((await admin('POST', '/slack/test')).body).toMatchObject({
      ok: true,
      text: 'the team of illumidesk',
    });
    said = () => later(`no: ${SECRET}`);
    expect((await admin('POST', '/slack/test')).body).toMatchObject({ ok: false, text: 'no: [secret]' });
    expect((await admin('POST', '/nobody/test')).status).toBe(404);
  });
});

const sign = (body: string) => `sha256=${createHmac('sha256', SECRET).update(body).digest('hex')}`;
const heard = () => world.rows('outbox');
const rows = async (change: OpenedChange) =>
  (
    await world.server.context.db.pool.query(
      'select delivered_at is not null as delivered from announcements where change_id = $1',
      [change.id],
    )
  ).rows;

const tell = async (body: string, delivery: string, signature = sign(body), name = 'slack') => {
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    'x-hub-signature-256': signature,
    'x-delivery': delivery,
  };
  const answer = await fetch(`${world.server.url}/api/v1/hooks/${name}`, { method: 'POST', headers, body });
  return { status: answer.status, body: await answer.text() };
};

describe('what a peer tells', () => {
  it('is heard once, however often it comes and whatever comes with it', async () => {
    const before = await heard();
    const answers = await Promise.all(Array.from({ length: 50 }, () => tell('a=1', 'd-1')));
    expect(answers.map(({ body }) => JSON.parse(body).heard).toSorted(undefined)).toEqual([
      ...Array(49).fill('before'),
      'new',
    ]);
    expect(await heard()).toBe(before + 1);
    await turn();
    expect(await newest()).toMatchObject({ topic: 'heard', state: 'taken' });
  });

  it('is not heard from anybody else, who learns nothing from it', async () => {
    const before = await heard();
    const answers = [
      await tell('a=1', 'd-2', sign('a=2')),
      await tell('a=1', 'd-2', ''),
      await tell('a=1', 'd-2', sign('a=1'), 'nobody'),
    ];
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]));
    expect(new Set(answers.map(({ body }) => body.replace(/"requestId":"[^"]*"/, ''))).size).toBe(1);
    expect(await heard()).toBe(before);
  });

  it('is not read where it is too long', async () => {
    const body = 'x'.repeat(1_100_000);
    expect((await tell(body, 'd-3')).status).toBe(413);
  });
});

const bridgeOf = async (severity: string) => {
  const change = await world.open({ set: { severity } });
  // What a start is asked is shown once it has a date, or needs none.
  await world.asOwner(`update changes set state = 'scheduled' where id = '${change.id}'`);
  const { verdicts } = (await change.show(world.ana)).verdict.decision;
  return verdicts.find(({ rule }: { rule: string }) => rule === 'bridge-open')?.verdict;
};

it('a severity of the policy brings its call link, where a plan names none', async () => {
  expect([await bridgeOf('S1'), await bridgeOf('S2')]).toEqual(['deny', 'pass']);
});
