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

describe('a bastion', () => {
  it('proves by its key which host a call comes from, until it is revoked', async () => {
    const ana = await server.account('ana');
    const key = await server.bastion('bastion-1', 'illumidesk.com');
    const me = () => server.ask('GET', '/api/v1/me', { token: ana.token, bastion: key });
    expect((await me()).body.host).toEqual({
      name: 'bastion-1',
      role: 'bastion',
      environment: 'illumidesk.com',
      privileged: process.getuid?.() === 0,
    });
    const revoked = await server.ask('DELETE', '/api/v1/bastions/bastion-1', { token });
    expect(revoked.body.revokedAt).not.toBeNull();
    expect((await me()).status).toBe(401);
    expect((await server.ledger()).at(-1)).toMatchObject({
      type: 'bastion.revoked',
      object: 'bastion/bastion-1',
      outcome: 'allow',
    });
  });

  it('alone proves nobody, and a person’s token is no key', async () => {
    const key = await server.bastion('bastion-2', 'illumidesk.com');
    const ben = await server.account('ben');
    expect((await server.ask('GET', '/api/v1/me', { bastion: key })).status).toBe(401);
    expect((await server.ask('GET', '/api/v1/me', { token: key })).status).toBe(401);
    expect((await server.ask('GET', '/api/v1/me', { token: ben.token, bastion: ben.token })).status).toBe(
      401,
    );
  });

  it('attack 39: whose key has expired proves nothing', async () => {
    const key = await server.bastion('bastion-4', 'illumidesk.com');
    const cora = await server.account('cora');
    const client = new Client({ connectionString: server.context.db.url });
    await client.connect();
    await client.query(
      `update bastions set registered_at = now() - interval '2 days', expires_at = now() - interval '1 ms' where name = 'bastion-4'`,
    );
    await client.end();
    expect((await server.ask('GET', '/api/v1/me', { token: cora.token, bastion: key })).status).toBe(401);
  });

  it('shows its key once', async () => {
    const key = await server.bastion('bastion-3', 'illumidesk.com', 'deployer');
    expect(key).toMatch(/^ilb_[\w-]{43}$/);
    const list = await server.ask('GET', '/api/v1/bastions', { token });
    expect(JSON.stringify(list.body)).not.toContain(key);
    expect(list.body.bastions[0]).toMatchObject({ name: 'bastion-3', role: 'deployer', revokedAt: null });
  });

  it.each([
    ['a name that is registered', { name: 'bastion-3', environment: 'illumidesk.com' }, 'exists'],
    ['an environment that the policy does not list', { name: 'b', environment: 'elsewhere' }, 'invalid'],
    ['a role that is none', { name: 'b', environment: 'illumidesk.com', role: 'server' }, 'invalid'],
    ['a key for ever', { name: 'b', environment: 'illumidesk.com', days: 100_000 }, 'invalid'],
  ])('is not registered with %s', async (_name, body, code) => {
    const before = (await server.ask('GET', '/api/v1/bastions', { token })).body;
    expect((await server.ask('POST', '/api/v1/bastions', { token, body })).body.code).toBe(code);
    expect((await server.ask('GET', '/api/v1/bastions', { token })).body).toEqual(before);
  });

  it('is registered once when many try at once', async () => {
    const body = { name: 'bastion-9', environment: 'illumidesk.com' };
    const all = await Promise.all(
      Array.from({ length: 8 }, () => server.ask('POST', '/api/v1/bastions', { token, body })),
    );
    expect(all.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(all.filter(({ status }) => status === 409)).toHaveLength(7);
  });
});
