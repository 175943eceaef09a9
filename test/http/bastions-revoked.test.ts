import { afterAll, beforeAll, expect, it } from 'vitest';
import { startBody, startRunWorld, type RunWorld } from '../kit/run-world.ts';

let world: RunWorld;
beforeAll(async () => {
  world = await startRunWorld();
});
afterAll(() => world.server.stop());

it('attack 39: a bastion that is revoked while its start waits for the proof of monitoring starts nothing', async () => {
  const change = await world.open();
  const proving = Promise.withResolvers<void>();
  const proceed = Promise.withResolvers<void>();
  const { prover } = world.server.context.monitoring;
  if (prover === null) throw new Error('expected a prover');
  const real = { ...prover };
  Object.assign(prover, {
    prove: async (...asked: Parameters<typeof real.prove>) => {
      proving.resolve();
      await proceed.promise;
      return real.prove(...asked);
    },
  });
  const starting = world.asRunner('POST', `/api/v1/changes/${change}/runs`, startBody());
  await proving.promise;
  const revoked = await world.server.ask('DELETE', '/api/v1/bastions/bastion-1', {
    token: world.server.admin.token,
  });
  expect(revoked.status).toBe(200);
  proceed.resolve();
  const refused = await starting;
  expect(refused).toMatchObject({ status: 409, body: { code: 'refused' } });
  const rules = refused.body.decision.verdicts.filter((one: { verdict: string }) => one.verdict !== 'pass');
  expect(rules).toMatchObject([{ rule: 'run-from-bastion', verdict: 'unknown' }]);
});
