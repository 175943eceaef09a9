import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bastionOf, runThat, type Bastion } from '../kit/runner.ts';
import { startBody, startRunWorld, type RunWorld } from '../kit/run-world.ts';

let world: RunWorld;
let bastion: Bastion;
beforeAll(async () => {
  // Where targets are, a Prometheus proves; here it is what they are.
  world = await startRunWorld({
    rulesOff: ['plan-complete', 'targets-in-environment'],
    timing: { heartbeatMs: 100, killGraceMs: 1_000 },
  });
  bastion = bastionOf(world);
});
afterAll(async () => {
  await bastion.clear();
  await world.server.stop();
});

const inventory = () => path.join(bastion.state, 'inventory');

function opened(names: readonly string[]): Promise<string> {
  return world.open({
    watch: [],
    targets: names.map((name) => ({ name, type: 'host' })),
    targetsFrom: { command: ['/bin/cat', inventory()], type: 'host', count: names.length },
  });
}

const newest = async (change: string) => {
  const { body } = await world.asRunner('GET', `/api/v1/changes/${change}/runs`);
  return body.runs as unknown[];
};

it('starts on the targets that were reviewed, in whatever order they are listed', async () => {
  const change = await opened(['db-01', 'db-02']);
  writeFileSync(inventory(), 'db-02\ndb-01\n');
  const runner = bastion.run(change);
  expect(await runner.ended, runner.text()).toBe(0);
  expect(runner.text()).toContain('the targets again: 2');
  await runThat(world, change, ({ state }) => state === 'succeeded');
});

it('starts nothing where a target came or went, names both, and records it', async () => {
  const change = await opened(['db-01', 'db-02']);
  writeFileSync(inventory(), 'db-01\ndb-03\n');
  const runner = bastion.run(change);
  expect(await runner.ended, runner.text()).toBe(2);
  const because = 'got 2: added `db-03` (host); gone `db-02` (host)';
  expect(runner.text()).toContain(because);
  expect(await newest(change)).toEqual([]);
  const entries = await world.server.ledger();
  const refusals = entries.filter(
    ({ type, object }) => type === 'run.refused' && object === `change/${change}`,
  );
  expect(refusals.map(({ reason }) => reason)).toEqual([expect.stringContaining(because)]);
  writeFileSync(inventory(), 'db-01\ndb-02\n');
  const again = bastion.run(change);
  expect(await again.ended, again.text()).toBe(0);
});

it('starts nothing where they cannot be listed', async () => {
  const change = await opened(['db-01']);
  writeFileSync(inventory(), '');
  const runner = bastion.run(change);
  expect(await runner.ended).toBe(2);
  expect(runner.text()).toContain('got none: it names no target');
});

it('believes no runner that does not look again', async () => {
  const change = await opened(['db-01']);
  const answer = await world.asRunner('POST', `/api/v1/changes/${change}/runs`, startBody());
  expect([answer.status, answer.body.code]).toEqual([409, 'targets_differ']);
  const silent = await world.asRunner(
    'POST',
    `/api/v1/changes/${change}/runs`,
    startBody({ resolved: { targets: [] } }),
  );
  expect(silent.body.message).toContain('got 0: gone `db-01` (host)');
});
