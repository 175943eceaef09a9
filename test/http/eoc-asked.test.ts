import { Client } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { askForEoc } from '../../src/app/run/ask-eoc.ts';
import { expectStatus } from '../kit/changes.ts';
import { atFirstStep, startRunWorld, type RunWorld } from '../kit/run-world.ts';

let world: RunWorld;
beforeAll(async () => {
  world = await startRunWorld();
});
afterAll(() => world.server.stop());

async function asOwner(statement: string): Promise<void> {
  const owner = new Client({ connectionString: world.server.context.db.url });
  await owner.connect();
  try {
    await owner.query(statement);
  } finally {
    await owner.end();
  }
}

it('asks the engineer on call of a running C1 once for each lapse, and of no other', async () => {
  const { run } = await atFirstStep(world);
  const present = async () =>
    expectStatus(
      await world.server.ask('POST', `/api/v1/changes/${run.change}/presence`, { token: world.cora.token }),
      204,
    );
  const seen = (ago: string) =>
    asOwner(`update presences set seen_at = now() - interval '${ago}' where change_id = '${run.change}'`);
  const asked = () => askForEoc(world.server.context);
  await present();
  await seen('4 min');
  expect(await asked()).toBe(0);
  await asOwner(`update changes set criticality = 'C1' where id = '${run.change}'`);
  expect(await asked()).toBe(1);
  expect(await asked()).toBe(0);
  const { notices } = (await world.server.ask('GET', '/api/v1/notices', { token: world.cora.token })).body;
  expect(notices[0]).toMatchObject({ kind: 'eoc-asked', about: `change/${run.change}` });
  await present();
  expect(await asked()).toBe(0);
  await seen('170 s');
  expect(await asked()).toBe(0);
  await seen('190 s');
  expect(await asked()).toBe(1);
});
