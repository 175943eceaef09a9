import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claimLinks } from '../../src/app/account-link/claim.ts';
import { linkedCall } from '../../src/app/account-link/linked-call.ts';
import type { Connection } from '../../src/app/ports/connection.ts';
import { pagerdutyConnection } from '../../src/integrations/pagerduty/pagerduty.ts';
import { Secret } from '../../src/integrations/peer/secret.ts';
import { typed } from '../kit/command-line.ts';
import { expectStatus } from '../kit/changes.ts';
import { startServer, type TestAccount, type TestServer } from '../kit/server.ts';

const taken = () => Promise.resolve({ kind: 'taken', receipt: null } as const);
/** A peer where people write; what is said there this test says itself. */
const peer = (name: string): Connection => ({
  name,
  peer: name,
  offers: {},
  hears: () => ({ kind: 'unverified' }),
  talk: { isPerson: taken, tell: taken, answer: taken, openForm: taken, showForm: taken },
  test: taken,
});

let server: TestServer;
let [cora, rolf]: TestAccount[] = [];
beforeAll(async () => {
  const secret = new Secret('a-secret-of-the-pager');
  const pagerduty = pagerdutyConnection(
    { api: 'http://127.0.0.1:1', token: { env: 'NONE' } },
    { token: secret, hooks: [secret] },
  );
  server = await startServer({
    connections: { all: [peer('gitlab'), peer('slack'), pagerduty], mask: (one) => one },
  });
  cora = await server.account('cora');
  rolf = await server.account('rolf');
});
afterAll(() => server.stop());

const ask = (who: TestAccount, method: string, path = '', body?: unknown) =>
  server.ask(method, `/api/v1/account-links${path}`, {
    token: who.token,
    ...(body !== undefined && { body }),
  });
const asked = async (who: TestAccount, connection = 'gitlab') =>
  expectStatus(await ask(who, 'POST', '', { connection }), 201).body;
const post = (text: string, externalUser: string, shownAs = 'cora', connection = 'gitlab') =>
  claimLinks(server.context, { connection, externalUser, shownAs, text });
const speaksFor = async (externalUser: string, connection = 'gitlab') =>
  (await linkedCall(server.context.db, connection, externalUser, 'request'))?.actor.person ?? null;
const last = async () => (await server.ledger()).at(-1);
async function linked(who: TestAccount, externalUser: string) {
  const { id, say } = await asked(who);
  await post(`I am: \`${say}\``, externalUser);
  expectStatus(await ask(who, 'POST', `/${id}/confirm`), 200);
  return id as string;
}

describe('an account elsewhere', () => {
  it('speaks for a person once its words were posted from there and confirmed here', async () => {
    const { id, say } = await asked(cora!);
    await post(say, '1001');
    expect(await speaksFor('1001')).toBeNull();
    expect(await ask(rolf!, 'POST', `/${id}/confirm`)).toMatchObject({ status: 404 });
    const { body } = expectStatus(await ask(cora!, 'POST', `/${id}/confirm`), 200);
    expect(body).toMatchObject({ state: 'linked', externalUser: '1001', shownAs: 'cora', person: 'cora' });
    expect(await speaksFor('1001')).toBe('cora');
    expect(await last()).toMatchObject({ type: 'account-link.confirmed', outcome: 'allow' });
  });

  it('is known by its id at that peer alone: a name that looks alike, and the same id elsewhere, are nobody’s', async () => {
    await linked(cora!, '1002');
    expect([await speaksFor('1003'), await speaksFor('cora'), await speaksFor('1002', 'slack')]).toEqual([
      null,
      null,
      null,
    ]);
  });

  it('is nobody’s where two posted the same words', async () => {
    const { id, say } = await asked(rolf!);
    await post(say, '2001', 'rolf');
    await post(say, '2002', 'ro1f');
    expect(await ask(rolf!, 'POST', `/${id}/confirm`)).toMatchObject({ status: 409 });
    expect([await speaksFor('2001'), await speaksFor('2002')]).toEqual([null, null]);
  });

  it('is not taken over by words that were confirmed, are another’s, or were never given', async () => {
    const { id, say } = await asked(rolf!);
    await post(say, '3001', 'rolf');
    expectStatus(await ask(rolf!, 'POST', `/${id}/confirm`), 200);
    await post(say, '3002', 'eve');
    expect(await last()).toMatchObject({ type: 'account-link.claimed', outcome: 'deny' });
    await post('interlock link AAAAA-BBBBB', '3002');
    expect(await speaksFor('3002')).toBeNull();
    const mine = await asked(cora!);
    await post(mine.say, '3001', 'rolf');
    expect(await ask(cora!, 'POST', `/${mine.id}/confirm`)).toMatchObject({
      status: 409,
      body: { message: expect.stringContaining('linked to another person') },
    });
    expect(await speaksFor('3001')).toBe('rolf');
  });

  it('stops speaking when its person or an administrator ends it, another takes its place, or the person leaves', async () => {
    const first = await linked(rolf!, '4001');
    const second = await linked(rolf!, '4002');
    expect([await speaksFor('4001'), await speaksFor('4002')]).toEqual([null, 'rolf']);
    expect(await ask(cora!, 'DELETE', `/${second}`)).toMatchObject({ status: 404 });
    expectStatus(await ask(server.admin, 'DELETE', `/${second}`), 204);
    expect(await speaksFor('4002')).toBeNull();
    expect(await ask(rolf!, 'DELETE', `/${first}`)).toMatchObject({ status: 409 });
    const gone = await server.account('greta');
    await linked(gone, '4003');
    expectStatus(
      await server.ask('PATCH', '/api/v1/people/greta', {
        token: server.admin.token,
        body: { disabled: true },
      }),
      200,
    );
    expect(await speaksFor('4003')).toBeNull();
  });

  it('is asked for by people, who proved a moment ago who they are, at a peer that hears', async () => {
    const robot = await server.account('robot', { kind: 'service' });
    expect(await ask(robot, 'POST', '', { connection: 'gitlab' })).toMatchObject({ status: 403 });
    for (const connection of ['nowhere', 'pagerduty'])
      expect(await ask(cora!, 'POST', '', { connection })).toMatchObject({ status: 404 });
    const stale = await server.account('simon', { fresh: false });
    const { id, say } = await asked(stale);
    await post(say, '5001');
    expect(await ask(stale, 'POST', `/${id}/confirm`)).toMatchObject({
      body: { code: 'reauthentication_required' },
    });
    expect(await speaksFor('5001')).toBeNull();
  });

  it('is linked from the command line; only an administrator sees those of others', async () => {
    const mona = await server.account('mona');
    const account = (...argv: string[]) =>
      typed(['account', ...argv], {
        environment: { INTERLOCK_URL: server.url, INTERLOCK_TOKEN: mona.token },
      });
    const { stdout, stderr } = await account('link', 'slack');
    await post(stdout, 'T1/U7', 'mona', 'slack');
    const id = /lnk_\S+/.exec(stderr)?.[0] ?? '';
    expect((await account('list', '--all')).stdout).toMatch(
      new RegExp(`${id} +mona +slack +claimed +mona +T1/U7`),
    );
    expect(await account('confirm', id)).toMatchObject({
      status: 0,
      stdout: 'mona (T1/U7) at slack speaks for mona\n',
    });
    expect((await account('list', '--all')).stdout).not.toContain('cora');
    expect(expectStatus(await ask(server.admin, 'GET', '?all=true'), 200).body.links.length).toBeGreaterThan(
      5,
    );
    expect((await account('unlink', id)).status).toBe(0);
    expect(await speaksFor('T1/U7', 'slack')).toBeNull();
  });
});
