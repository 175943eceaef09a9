import { afterAll, beforeAll, expect, it } from 'vitest';
import { alwaysProven } from '../kit/changes.ts';
import { startServer, type TestServer } from '../kit/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ monitoring: alwaysProven });
});
afterAll(() => server.stop());

const shown = async () => {
  const { body } = await server.ask('GET', '/api/v1/monitoring', { token: server.admin.token });
  return body;
};

it('shows the last proof of each operational environment, and asks for none by being looked at', async () => {
  const { configured, environments } = await shown();
  expect(configured).toBe(true);
  expect(environments).toContainEqual(expect.objectContaining({ name: 'illumidesk.com', proof: null }));
  expect(environments.map(({ name }: { name: string }) => name)).not.toContain('staging.illumidesk.com');
  const question = { environment: 'illumidesk.com', criticality: 'C4', severity: 'S4' };
  await server.ask('POST', '/api/v1/decisions', { token: server.admin.token, body: question });
  const after = await shown();
  const ours = after.environments.find(({ name }: { name: string }) => name === 'illumidesk.com');
  expect(ours.proof).toMatchObject({ counts: true, probes: expect.any(Array) });
});
