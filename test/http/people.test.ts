import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type TestServer } from '../kit/server.ts';

let server: TestServer;
let token: string;
beforeAll(async () => {
  server = await startServer();
  ({ token } = server.admin);
});
afterAll(() => server.stop());

const newest = async () => (await server.ledger()).at(-1);

describe('an account', () => {
  it('is made, granted a role, and each is an entry of the ledger', async () => {
    const before = (await server.ledger()).length;
    const made = await server.ask('POST', '/api/v1/people', {
      token,
      body: { name: 'rhea', displayName: 'Rhea' },
    });
    expect(made).toMatchObject({
      status: 201,
      body: { name: 'rhea', kind: 'person', roles: [], disabled: false, botOf: null, issuer: 'local' },
    });
    expect(made.headers.get('interlock-ledger-index')).toBe(String(before));
    const granted = await server.ask('PUT', '/api/v1/people/rhea/roles/reviewer', { token });
    expect(granted.body.roles).toEqual(['reviewer']);
    expect((await server.ledger()).slice(before)).toMatchObject([
      { type: 'person.created', action: 'create', object: 'person/rhea', outcome: 'allow' },
      {
        type: 'role.granted',
        object: 'person/rhea',
        actor: { issuer: 'local', subject: 'admin', capacity: 'admin' },
        details: { role: 'reviewer' },
      },
    ]);
  });

  it('keeps nothing in clear', async () => {
    const secret = 'a very long password';
    const made = await server.account('ruth', { password: secret });
    const client = new Client({ connectionString: server.context.db.url });
    await client.connect();
    const { rows } = await client.query<{ all: string }>(
      `select (select json_agg(p) from people p)::text || (select json_agg(t) from tokens t)::text
        || (select json_agg(l) from ledger_entries l)::text as all`,
    );
    await client.end();
    expect(rows[0]?.all).toContain('scrypt$');
    expect(rows[0]?.all).not.toContain(secret);
    expect(rows[0]?.all).not.toContain(made.token);
    expect(rows[0]?.all).not.toContain(server.admin.token);
  });

  it.each([
    ['a name twice', 'POST /api/v1/people', { name: 'rhea', displayName: 'R' }, 'exists'],
    [
      'a bot of nobody',
      'POST /api/v1/people',
      { name: 'b1', kind: 'service', displayName: 'B', botOf: 'none' },
      'invalid',
    ],
    ['a person as a bot', 'POST /api/v1/people', { name: 'b2', displayName: 'B', botOf: 'rhea' }, 'invalid'],
    [
      'a service with a password',
      'POST /api/v1/people',
      { name: 'b3', kind: 'service', displayName: 'B', password: 'long enough 123' },
      'invalid',
    ],
    ['the server’s own name', 'POST /api/v1/people', { name: 'system', displayName: 'S' }, 'invalid'],
    [
      'a short password',
      'POST /api/v1/people',
      { name: 'b4', displayName: 'B', password: 'short' },
      'invalid',
    ],
    ['a role held already', 'PUT /api/v1/people/rhea/roles/reviewer', undefined, 'conflict'],
    ['a role not held', 'DELETE /api/v1/people/rhea/roles/vpe', undefined, 'conflict'],
    ['a role that is none', 'PUT /api/v1/people/rhea/roles/king', undefined, 'invalid'],
    ['a role of nobody', 'PUT /api/v1/people/nobody/roles/vpe', undefined, 'not_found'],
    ['nothing to change', 'PATCH /api/v1/people/rhea', {}, 'invalid'],
    [
      'a token that lives too long',
      'POST /api/v1/people/rhea/tokens',
      { label: 'x', days: 3_000 },
      'invalid',
    ],
    ['a token without scopes', 'POST /api/v1/people/rhea/tokens', { label: 'x', scopes: [] }, 'invalid'],
  ])('is refused: %s', async (_name, what, body, code) => {
    const [method = '', path = ''] = what.split(' ');
    const people = await server.ask('GET', '/api/v1/people', { token });
    expect((await server.ask(method, path, { token, body })).body.code).toBe(code);
    expect((await server.ask('GET', '/api/v1/people', { token })).body).toEqual(people.body);
  });

  it('of a service holds no role, whatever is tried', async () => {
    await server.account('robot', { kind: 'service', botOf: 'rhea' });
    const granted = await server.ask('PUT', '/api/v1/people/robot/roles/reviewer', { token });
    expect(granted).toMatchObject({ status: 409, body: { code: 'not_permitted' } });
    expect(await newest()).toMatchObject({ type: 'role.granted', outcome: 'deny', object: 'person/robot' });
    const client = new Client({ connectionString: server.context.db.url });
    await client.connect();
    await expect(
      client.query(`insert into standing_roles (person, role, granted_by) values ('robot', 'vpe', 'x')`),
    ).rejects.toThrow('foreign key');
    await client.end();
  });
});

describe('an administrator', () => {
  it('grants nothing to themselves', async () => {
    const answer = await server.ask('PUT', '/api/v1/people/admin/roles/reviewer', { token });
    expect(answer.body.code).toBe('not_permitted');
    expect((await server.ask('GET', '/api/v1/people/admin', { token })).body.roles).toEqual(['admin']);
    expect(await newest()).toMatchObject({ outcome: 'deny', actor: { subject: 'admin' } });
  });

  it('who is the last one stays', async () => {
    const removed = await server.ask('DELETE', '/api/v1/people/admin/roles/admin', { token });
    const disabled = await server.ask('PATCH', '/api/v1/people/admin', { token, body: { disabled: true } });
    expect([removed.body.code, disabled.body.code]).toEqual(['last_admin', 'last_admin']);
  });

  it('is not lost when two remove each other at once', async () => {
    const second = await server.account('second', { roles: ['admin'], scopes: ['read', 'admin'] });
    const [one, other] = await Promise.all([
      server.ask('DELETE', '/api/v1/people/second/roles/admin', { token }),
      server.ask('DELETE', '/api/v1/people/admin/roles/admin', { token: second.token }),
    ]);
    expect([one.status, other.status].filter((status) => status === 200)).toHaveLength(1);
    const left = one.status === 200 ? token : second.token;
    const { body } = await server.ask('GET', '/api/v1/people', { token: left });
    expect(body.people.filter((person: { roles: string[] }) => person.roles.includes('admin'))).toHaveLength(
      1,
    );
    if (one.status !== 200)
      await server.ask('PUT', '/api/v1/people/admin/roles/admin', { token: second.token });
  });

  it('loses everything with the role, in the middle of a session', async () => {
    const gone = await server.account('gone', { roles: ['admin'], scopes: ['read', 'admin'] });
    expect((await server.ask('POST', '/api/v1/people', { token: gone.token, body: {} })).status).toBe(400);
    await server.ask('DELETE', '/api/v1/people/gone/roles/admin', { token });
    expect((await server.ask('POST', '/api/v1/people', { token: gone.token, body: {} })).status).toBe(403);
  });
});

describe('a token', () => {
  it('is shown once, and later only by its id', async () => {
    const { token: own } = await server.account('ben');
    const list = await server.ask('GET', '/api/v1/people/ben/tokens', { token: own });
    expect(JSON.stringify(list.body)).not.toContain(own);
    expect(list.body.tokens).toMatchObject([{ person: 'ben', createdBy: 'admin', revokedAt: null }]);
  });

  it('never makes another', async () => {
    const { token: own } = await server.account('cora');
    const answer = await server.ask('POST', '/api/v1/people/cora/tokens', {
      token: own,
      body: { label: 'x' },
    });
    expect(answer).toMatchObject({ status: 409, body: { code: 'not_permitted' } });
    expect(await newest()).toMatchObject({ type: 'token.issued', outcome: 'deny' });
  });

  it('of somebody else is neither seen nor revoked', async () => {
    const { token: carl } = await server.account('carl');
    const { body } = await server.ask('GET', '/api/v1/people/ben/tokens', { token });
    const id = body.tokens[0].id as string;
    expect((await server.ask('GET', '/api/v1/people/ben/tokens', { token: carl })).status).toBe(404);
    expect((await server.ask('DELETE', `/api/v1/tokens/${id}`, { token: carl })).status).toBe(404);
    expect((await server.ask('GET', '/api/v1/people/ben/tokens', { token })).body).toEqual(body);
  });

  it('of a service cannot manage', async () => {
    await server.account('builder', { kind: 'service' });
    const answer = await server.ask('POST', '/api/v1/people/builder/tokens', {
      token,
      body: { label: 'x', scopes: ['admin'] },
    });
    expect(answer.body.code).toBe('not_permitted');
  });
});

describe('a password', () => {
  it('is changed by who knows the one until now, and ends the sessions', async () => {
    const { token: own } = await server.account('dirk', { password: 'the first password' });
    const cookie = (
      await server.ask('POST', '/api/v1/session', {
        body: { account: 'dirk', password: 'the first password' },
      })
    ).headers
      .getSetCookie()[0]
      ?.split(';')[0];
    const put = (body: unknown) => server.ask('PUT', '/api/v1/people/dirk/password', { token: own, body });
    expect((await put({ password: 'the second password' })).body.code).toBe('not_permitted');
    expect((await put({ password: 'the second password', current: 'wrong' })).body.code).toBe(
      'not_permitted',
    );
    expect((await put({ password: 'the second password', current: 'the first password' })).status).toBe(204);
    expect((await server.ask('GET', '/api/v1/me', { headers: { cookie: cookie ?? '' } })).status).toBe(401);
    const again = await server.ask('POST', '/api/v1/session', {
      body: { account: 'dirk', password: 'the second password' },
    });
    expect(again.status).toBe(201);
  });

  it('of somebody else is not', async () => {
    const { token: own } = await server.account('eve');
    const answer = await server.ask('PUT', '/api/v1/people/dirk/password', {
      token: own,
      body: { password: 'taken over now', current: 'the second password' },
    });
    expect(answer.body.code).toBe('not_permitted');
  });
});
