import { afterAll, beforeAll, expect, it } from 'vitest';
import { expectStatus, startChangeWorld, type ChangeWorld } from '../kit/changes.ts';
import { typed } from '../kit/command-line.ts';
import type { TestAccount } from '../kit/server.ts';

let world: ChangeWorld;
beforeAll(async () => {
  world = await startChangeWorld();
});
afterAll(() => world.server.stop());

const interlock = (who: TestAccount, ...argv: string[]) =>
  typed(argv, { environment: { INTERLOCK_URL: world.server.url, INTERLOCK_TOKEN: who.token } });
const told = async (who: TestAccount, about: string) =>
  (await world.server.ask('GET', '/api/v1/notices', { token: who.token })).body.notices.filter(
    (notice: { about: string }) => notice.about === about,
  );

it('is rejected with a reason, which its author is told and everybody reads', async () => {
  const change = await world.open();
  for (const body of [{}, { reason: ' ' }, undefined])
    expectStatus(await change.say(world.cora, '/reject', body), 400);
  const reason = 'The replica is in another region.';
  expectStatus(await change.say(world.cora, '/reject', { reason }), 200);
  expect(await change.show(world.rhea)).toMatchObject({
    state: 'rejected',
    ending: { state: 'rejected', by: 'cora', reason },
  });
  const about = `change/${change.id}`;
  expect(await told(world.ana, about)).toMatchObject([
    { kind: 'change-rejected', body: expect.stringContaining(`rejected by cora. ${reason}`) as string },
  ]);
  const entry = (await world.server.ledger()).findLast(({ object }) => object === about);
  expect(entry).toMatchObject({
    type: 'change.rejected',
    digests: { reason: expect.stringMatching(/^sha256:/) as string },
  });
  expect(JSON.stringify(entry)).not.toContain(reason);
  const { entries } = (
    await world.server.ask('GET', `/api/v1/changes/${change.id}/history`, { token: world.ben.token })
  ).body;
  expect(entries.filter(({ said }: { said: string | null }) => said !== null)).toMatchObject([
    { type: 'change.rejected', outcome: 'allow', said: reason },
  ]);
});

it('is cancelled by its author with a reason, and nobody has to be told', async () => {
  const { id } = await world.open();
  expect(await interlock(world.ana, 'change', 'cancel', id)).toMatchObject({ status: 3 });
  const { status } = await interlock(world.ana, 'change', 'cancel', id, '--reason', 'Done by another');
  expect(status).toBe(0);
  expect(await told(world.ana, `change/${id}`)).toEqual([]);
  const shown = await interlock(world.ana, 'change', 'show', id);
  expect(shown.stdout).toMatch(/ {2}cancelled by ana at \S+Z: Done by another\n/);
  expect((await interlock(world.ana, 'change', 'history', id)).stdout).toMatch(
    /unscheduled: Done by another/,
  );
  const { stdout } = await interlock(world.rolf, 'change', 'clone', id, '--json');
  const copy = JSON.parse(stdout).id;
  expect((await interlock(world.rolf, 'change', 'show', copy)).stdout).toContain(`  copy of ${id}\n`);
});
