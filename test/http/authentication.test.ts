import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type TestServer } from '../kit/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

describe('authentication', () => {
  it('answers nothing but health without credentials, and says no more than 401', async () => {
    expect((await server.ask('GET', '/healthz')).status).toBe(200);
    expect((await server.ask('GET', '/readyz')).body).toEqual({
      status: 'ok',
      database: 'ok',
      migrations: 'ok',
      ledger: 'ok',
      policy: 'ok',
    });
    const refused = await server.ask('GET', '/api/v1/people');
    expect(refused.status).toBe(401);
    expect(refused.body).toEqual({ code: 'unauthenticated', message: 'Not signed in.' });
  });

  it('makes people with tokens', async () => {
    const ana = await server.account('ana', { roles: ['reviewer'] });
    const me = await server.ask('GET', '/api/v1/me', { token: ana.token });
    expect(me.body).toMatchObject({ name: 'ana', roles: ['reviewer'], onDuty: [], credential: 'token' });
    await server.onCall({ eoc: 'ana' });
    expect((await server.ask('GET', '/api/v1/me', { token: ana.token })).body.onDuty).toEqual(['eoc']);
  });
});
