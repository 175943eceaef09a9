import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noteAuthentication } from '../../src/store/authentications.ts';
import { transact } from '../../src/store/database.ts';
import { confirmLock, expectStatus, startChangeWorld, type ChangeWorld } from '../kit/changes.ts';
import { startBody } from '../kit/run-world.ts';
import type { TestAccount } from '../kit/server.ts';

const PASSWORD = 'correct horse battery';
const MINUTE_MS = 60_000;

let world: ChangeWorld;
/** Each with a token that nobody has proved anything for since it was made. */
let stale: Record<'ben' | 'cora' | 'ira' | 'vera', TestAccount>;

beforeAll(async () => {
  world = await startChangeWorld();
  stale = {
    ben: await stalely('ben'),
    cora: await stalely('cora'),
    ira: await stalely('ira'),
    vera: await stalely('vera'),
  };
});
afterAll(() => world.server.stop());

/** Another token of somebody who is there already. */
async function stalely(name: string): Promise<TestAccount & { id: string }> {
  const { token } = world.server.admin;
  const body = { label: 'another' };
  const issued = expectStatus(
    await world.server.ask('POST', `/api/v1/people/${name}/tokens`, { token, body }),
    201,
  );
  return { name, token: issued.body.secret, id: issued.body.id };
}

const post = ({ token }: TestAccount, path: string, body: unknown = {}) =>
  world.server.ask('POST', path, { token, body });

/** Each act of high stakes, ready to be done; and what shows that it was not. */
const ACTS = {
  'start a C1': async () => {
    const { id } = await world.open({ set: { criticality: 'C1', topics: [] } });
    const start = ({ token }: TestAccount) =>
      world.server.ask('POST', `/api/v1/changes/${id}/runs`, {
        token,
        bastion: world.bastion,
        body: startBody(),
      });
    return { who: 'ben', act: start, table: 'runs' } as const;
  },
  'approve an emergency': async () => {
    const change = await world.open();
    const approve = (who: TestAccount) => change.approve(who, 'eoc', { for: 'emergency' });
    return { who: 'cora', act: approve, table: 'approvals' } as const;
  },
  'lift a veto': async () => {
    const change = await world.open();
    const veto = expectStatus(
      await post(world.cora, '/api/v1/vetoes', { change: change.id, reason: 'Wait.' }),
      201,
    );
    const lift = (who: TestAccount) => post(who, `/api/v1/vetoes/${veto.body.id}/lift`);
    return { who: 'ira', act: lift, table: 'vetoes where lifted_at is not null' } as const;
  },
  'release a lock': async () => {
    const body = {
      kind: 'soft',
      environments: ['illumidesk.com'],
      category: 'company-event',
      reason: 'Launch.',
      start: new Date(Date.now() + 60 * MINUTE_MS).toISOString(),
      end: new Date(Date.now() + 120 * MINUTE_MS).toISOString(),
    };
    const lock = expectStatus(await post(world.mona, '/api/v1/locks', body), 201);
    expectStatus(await confirmLock(world.server, world.ira, lock.body.id), 200);
    const release = (who: TestAccount) =>
      post(who, `/api/v1/locks/${lock.body.id}/release`, { reason: 'over' });
    return { who: 'vera', act: release, table: 'locks where released_at is not null' } as const;
  },
};

describe.each(Object.keys(ACTS) as (keyof typeof ACTS)[])('to %s', (name) => {
  it('asks who has not proved it a moment ago, records that, and does nothing', async () => {
    const { who, act, table } = await ACTS[name]();
    const before = await world.rows(table);
    const entries = (await world.recorded(0)).length;
    const answer = await act(stale[who]);
    expect(answer).toMatchObject({ status: 403, body: { code: 'reauthentication_required' } });
    expect(answer.body.message).toContain('interlock login --again');
    expect(await world.rows(table)).toBe(before);
    expect((await world.recorded(entries)).at(-1)).toMatchObject({
      outcome: 'deny',
      details: { code: 'reauthentication_required' },
    });
  });

  it('lets in who has', async () => {
    const { who, act } = await ACTS[name]();
    expect((await act(world[who])).body.code).not.toBe('reauthentication_required');
  });
});

const lift = async (who: TestAccount) => (await ACTS['lift a veto']()).act(who);

describe('a proof', () => {
  it('counts for ten minutes, and no longer', async () => {
    const one = await stalely('ira');
    const proved = (minutes: number) =>
      transact(world.server.context.db, (tx) =>
        noteAuthentication(tx, {
          person: 'ira',
          credential: one.id,
          method: 'password',
          at: new Date(Date.now() - minutes * MINUTE_MS),
        }),
      );
    await proved(10.1);
    expect((await lift(one)).status).toBe(403);
    await proved(9);
    expect((await lift(one)).status).toBe(200);
  });

  it('is the password, and counts for the very token that it was given for', async () => {
    await world.server.ask('PUT', '/api/v1/people/ira/password', {
      token: world.server.admin.token,
      body: { password: PASSWORD },
    });
    const [one, other] = [await stalely('ira'), await stalely('ira')];
    const wrong = await post(one, '/api/v1/authentications', { password: 'wrong horse battery' });
    expect(wrong).toMatchObject({ status: 409, body: { code: 'not_permitted' } });
    expect((await lift(one)).status).toBe(403);
    expectStatus(await post(one, '/api/v1/authentications', { password: PASSWORD }), 201);
    expect((await lift(other)).status).toBe(403);
    expect((await lift(one)).status).toBe(200);
  });

  it('begins with a session by password, and goes along to the token made from it; not with one by token', async () => {
    const begin = async (body: unknown) => {
      const answer = expectStatus(await world.server.ask('POST', '/api/v1/session', { body }), 201);
      const cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
      return { cookie, origin: world.server.url, 'interlock-csrf': '1' };
    };
    const headers = await begin({ account: 'ira', password: PASSWORD });
    const issued = await world.server.ask('POST', '/api/v1/people/ira/tokens', {
      headers,
      body: { label: 'login' },
    });
    expect((await lift({ name: 'ira', token: expectStatus(issued, 201).body.secret })).status).toBe(200);
    const byToken = await begin({ token: (await stalely('ira')).token });
    const change = await world.open();
    const veto = await post(world.cora, '/api/v1/vetoes', { change: change.id, reason: 'Wait.' });
    const path = `/api/v1/vetoes/${veto.body.id}/lift`;
    expect((await world.server.ask('POST', path, { headers: byToken, body: {} })).status).toBe(403);
  });

  it('is given by nobody but a person', async () => {
    const robot = await world.server.account('robot', { kind: 'service', fresh: false });
    const answer = await post(robot, '/api/v1/authentications', { password: PASSWORD });
    expect(answer).toMatchObject({ status: 409, body: { code: 'not_permitted' } });
    expect(await world.rows(`authentications where person = 'robot'`)).toBe(0);
  });
});

it('never asks who stops something', async () => {
  const change = await world.open();
  for (const body of [
    { change: change.id, reason: 'Stop.' },
    { change: '*', reason: 'Stop all.' },
  ]) {
    expectStatus(await post(stale.cora, '/api/v1/vetoes', body), 201);
  }
  const emergency = {
    kind: 'hard',
    environments: ['illumidesk.com'],
    category: 'other',
    reason: 'Fire.',
    timeToLive: '1h',
  };
  expectStatus(await post(stale.cora, '/api/v1/locks/emergency', emergency), 201);
  expectStatus(await post(stale.cora, '/api/v1/incidents', { severity: 'S1', title: 'Fire' }), 201);
});

describe('an administrator', () => {
  it('proves who they are before giving power, once they can, and never to take it away', async () => {
    const { server } = world;
    const ada = await server.account('ada', { roles: ['admin'], password: PASSWORD, fresh: false });
    const issued = await server.ask('POST', '/api/v1/people/ada/tokens', {
      token: server.admin.token,
      body: { label: 'to manage', scopes: ['read', 'ask', 'act', 'admin'] },
    });
    const token: string = issued.body.secret;
    expect(ada.name).toBe('ada');
    const does = (method: string, path: string, body?: unknown) =>
      server.ask(method, `/api/v1/people/${path}`, { token, ...(body !== undefined && { body }) });
    expectStatus(await does('DELETE', 'rhea/roles/reviewer'), 200);
    expectStatus(await does('PATCH', 'rolf', { disabled: true }), 200);
    const power = [
      () => does('PUT', 'rhea/roles/reviewer'),
      () => does('PATCH', 'rolf', { disabled: false }),
      () => does('PUT', 'ben/password', { password: 'another long password' }),
      () => does('POST', 'ben/tokens', { label: 'for ben' }),
      () => does('POST', 'ada/tokens', { label: 'one more' }),
    ];
    for (const give of power)
      expect(await give()).toMatchObject({ status: 403, body: { code: 'reauthentication_required' } });
    expect((await does('GET', 'rhea')).body.roles).toEqual([]);
    expectStatus(
      await server.ask('POST', '/api/v1/authentications', { token, body: { password: PASSWORD } }),
      201,
    );
    for (const give of power) expect((await give()).status).toBeLessThan(300);
    expect((await does('GET', 'rhea')).body.roles).toEqual(['reviewer']);
  });
});
