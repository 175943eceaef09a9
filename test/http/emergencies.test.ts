import { afterAll, beforeAll, expect, it } from 'vitest';
import { expectStatus, startChangeWorld, WITHOUT_SCRIPT, type ChangeWorld } from '../kit/changes.ts';
import type { TestAccount } from '../kit/server.ts';

let world: ChangeWorld;
beforeAll(async () => {
  world = await startChangeWorld();
});
afterAll(() => world.server.stop());

const post = (who: TestAccount, path: string, body: unknown = {}) =>
  world.server.ask('POST', path, { token: who.token, body });

it('an emergency that lets a start through opens what is to be caught up on, each word by another person', async () => {
  const wish = { title: 'the site is down', severity: 'S1' };
  const incident = expectStatus(await post(world.cora, '/api/v1/incidents', wish), 201).body;
  const change = await world.open({
    ...WITHOUT_SCRIPT,
    set: { ...WITHOUT_SCRIPT.set, resolvesIncident: incident.id },
  });
  for (const [who, as] of [
    [world.cora, 'eoc'],
    [world.ira, 'imoc'],
  ] as const)
    expectStatus(await change.approve(who, as, { for: 'emergency' }), 201);
  const started = await world.server.ask('POST', `/api/v1/changes/${change.id}/runs`, {
    token: world.ben.token,
    bastion: world.bastion,
    body: { idempotencyKey: 'emergency-start-1', multiplexer: 'tmux', clock: Date.now(), acknowledges: [] },
  });
  expectStatus(started, 200);
  const tasks = expectStatus(
    await world.server.ask('GET', `/api/v1/tasks?change=${change.id}`, { token: world.ana.token }),
    200,
  ).body.tasks;
  const kinds = tasks.map(({ kind }: { kind: string }) => kind);
  expect(kinds).toEqual(expect.arrayContaining(['approval-in-retrospect', 'hand-off', 'emergency-review']));
  const word = tasks.find(({ title }: { title: string }) =>
    title.startsWith('approve in retrospect, as MANAGEMENT or DIRECTOR or VPE: the emergency of'),
  );
  expect(await post(world.ana, `/api/v1/tasks/${word.id}/done`)).toMatchObject({
    status: 409,
    body: { code: 'not_permitted' },
  });
  expect(await post(world.ira, `/api/v1/tasks/${word.id}/done`)).toMatchObject({ status: 409 });
  expectStatus(await post(world.mona, `/api/v1/tasks/${word.id}/done`), 200);
  const [last] = (await world.server.ledger()).slice(-1);
  expect(last).toMatchObject({ type: 'task.done', reason: 'approved in retrospect: emergency' });
});
