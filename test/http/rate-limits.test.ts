import { afterAll, beforeAll, expect, it } from 'vitest';
import { startServer, type TestServer } from '../kit/server.ts';

const MOST = 20;

let server: TestServer;

beforeAll(async () => {
  server = await startServer({ requestsPerMinute: MOST });
});
afterAll(() => server.stop());

it('answers a credential that asks too much with when to come again, and every other one as before', async () => {
  const [ana, cora] = [await server.account('ana'), await server.account('cora')];
  await server.onCall({ eoc: 'ana' });
  const ask = (token: string) => server.ask('GET', '/api/v1/changes', { token });
  for (let count = 0; count < MOST; count += 1) expect((await ask(ana.token)).status).toBe(200);
  const refused = await ask(ana.token);
  expect(refused.status).toBe(429);
  expect(refused.body).toMatchObject({ code: 'too_many_requests' });
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(refused.headers.get('content-type')).toContain('application/problem+json');
  expect((await ask(cora.token)).status).toBe(200);

  const veto = { change: '*', reason: 'something burns' };
  const laid = await server.ask('POST', '/api/v1/vetoes', { token: ana.token, body: veto });
  expect(laid.status).toBe(201);
  const question = { environment: 'illumidesk.com', criticality: 'C4', severity: 'S4' };
  const gate = await server.ask('POST', '/api/v1/decisions', { token: ana.token, body: question });
  expect(gate.status).not.toBe(429);

  // One key serves everybody who is logged in on that host.
  const bastion = await server.bastion('bastion-1', 'illumidesk.com');
  const stop = (login: string) =>
    server.ask('POST', '/api/v1/stops/veto', { bastion, headers: { 'interlock-login': login }, body: {} });
  for (let count = 0; count < MOST; count += 1) expect((await stop('ana')).status).toBe(400);
  expect((await stop('ana')).status).toBe(429);
  expect((await stop('cora')).status).toBe(400);
});
