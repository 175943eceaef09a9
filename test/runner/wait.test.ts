import { afterAll, beforeAll, expect, it } from 'vitest';
import { expectStatus } from '../kit/changes.ts';
import { bastionOf, type Bastion } from '../kit/runner.ts';
import { startRunWorld, type RunWorld } from '../kit/run-world.ts';

let world: RunWorld;
let bastion: Bastion;
beforeAll(async () => {
  world = await startRunWorld({
    rulesOff: ['plan-complete'],
    timing: { heartbeatMs: 100, waitBeatMs: 250, killGraceMs: 1_000 },
  });
  bastion = bastionOf(world);
});
afterAll(async () => {
  await bastion.clear();
  await world.server.stop();
});

const lock = async (timeToLive: string) => {
  const wish = { kind: 'hard', environments: ['illumidesk.com'], category: 'other', reason: 'fire' };
  const body = { ...wish, timeToLive };
  expectStatus(
    await world.server.ask('POST', '/api/v1/locks/emergency', { token: world.cora.token, body }),
    201,
  );
};

it('`interlock run --wait` says what it waits for, and starts when a lock of a few seconds ends', async () => {
  const change = await world.open({ watch: [] });
  // Long enough for two programs to start and ask, on a busy machine too.
  await lock('12 s');
  const runner = bastion.run(change, { args: ['--wait'] });
  const refused = bastion.run(change);
  expect(await refused.ended, refused.text()).toBe(2);
  await runner.said(/waits \(WAIT-\d+\) until .*\n.*hard-lock: /);
  expect(await runner.ended, runner.text()).toBe(0);
  expect(runner.text()).toContain(`${change}: its turn`);
});

it('waits no longer when the change is cancelled', async () => {
  const change = await world.open({ watch: [] });
  await lock('1 h');
  const runner = bastion.run(change, { args: ['--wait'] });
  await runner.said('hard-lock: ');
  const asked = { token: world.ana.token, body: { reason: 'not needed' } };
  expectStatus(await world.server.ask('POST', `/api/v1/changes/${change}/cancel`, asked), 200);
  expect(await runner.ended, runner.text()).toBe(2);
  expect(runner.text()).toContain('cancelled');
});
