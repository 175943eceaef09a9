import { afterAll, beforeAll, expect, it } from 'vitest';
import { tellVpe } from '../../src/app/lock/tell-vpe.ts';
import { passOnTasks } from '../../src/app/task/pass-on.ts';
import { expectStatus, startChangeWorld, type ChangeWorld } from '../kit/changes.ts';
import type { TestAccount } from '../kit/server.ts';

let world: ChangeWorld;
beforeAll(async () => {
  world = await startChangeWorld();
});
afterAll(() => world.server.stop());

const HOUR_MS = 3_600_000;
const post = (who: TestAccount, path: string, body: unknown = {}) =>
  world.server.ask('POST', path, { token: who.token, body });
const tasksOf = async (change: string) =>
  expectStatus(
    await world.server.ask('GET', `/api/v1/tasks?change=${change}`, { token: world.ana.token }),
    200,
  ).body.tasks;

it('EOC and IMOC who exempt from a hard lock open a review, and a task that ends when the VPE has read of it', async () => {
  const lock = expectStatus(
    await post(world.cora, '/api/v1/locks/emergency', {
      kind: 'hard',
      environments: ['illumidesk.com'],
      category: 'other',
      reason: 'fire',
      timeToLive: '1 h',
    }),
    201,
  ).body;
  const change = await world.open({ set: { criticality: 'C4', topics: [] } });
  const word = { for: `lock:${lock.id}`, reason: 'it puts the fire out' };
  const bare = await change.approve(world.cora, 'eoc', { for: word.for });
  expect(bare).toMatchObject({ status: 400, body: { code: 'invalid' } });
  const given = expectStatus(await change.approve(world.cora, 'eoc', word), 201).body;
  expect(Date.parse(given.expiresAt)).toBeLessThanOrEqual(Date.now() + 24 * HOUR_MS);
  expect(await tasksOf(change.id)).toEqual([]);
  // Those concerned hear of each waiver: the people of the change and who is on call, not its giver.
  for (const [who, heard] of [
    [world.ana, true],
    [world.ben, true],
    [world.ira, true],
    [world.cora, false],
  ] as const) {
    const { notices } = (await world.server.ask('GET', '/api/v1/notices', { token: who.token })).body;
    const told = notices.filter(({ kind }: { kind: string }) => kind === 'waiver-given');
    expect(told).toMatchObject(heard ? [{ about: `change/${change.id}` }] : []);
    if (heard)
      expect(told[0].body).toMatch(
        /^cora exempted CHG-\d+ from the lock LOCK-\d+, as EOC, until \S+Z\. Reason: it puts the fire out$/,
      );
  }
  expectStatus(await change.approve(world.ira, 'imoc', word), 201);
  const kinds = async () => (await tasksOf(change.id)).map(({ kind }: { kind: string }) => kind).toSorted();
  expect(await kinds()).toEqual(['exemption-review', 'tell-vpe']);
  const tell = (await tasksOf(change.id)).find(({ kind }: { kind: string }) => kind === 'tell-vpe');
  expect(tell.owner).toBe('ira');
  expect(await post(world.ira, `/api/v1/tasks/${tell.id}/done`)).toMatchObject({ status: 409 });

  await tellVpe(world.server.context);
  expect(await kinds()).toContain('tell-vpe');
  const { notices } = (await world.server.ask('GET', '/api/v1/notices', { token: world.vera.token })).body;
  const told = notices.find(({ kind }: { kind: string }) => kind === 'hard-lock-exempted');
  expect(told.body).toContain(lock.id);
  expectStatus(await post(world.vera, '/api/v1/notices/read', { upTo: told.id }), 200);
  await tellVpe(world.server.context);
  expect(await kinds()).toEqual(['exemption-review']);
});

it('leaves no task with an owner who is shut out: each goes to whose duty it is, or waits for somebody', async () => {
  const lock = expectStatus(
    await post(world.cora, '/api/v1/locks/emergency', {
      kind: 'hard',
      environments: ['illumidesk.com'],
      category: 'other',
      reason: 'flood',
      timeToLive: '1 h',
    }),
    201,
  ).body;
  const change = await world.open({ set: { criticality: 'C4', topics: [] } });
  const word = { for: `lock:${lock.id}`, reason: 'it drains the cellar' };
  expectStatus(await change.approve(world.cora, 'eoc', word), 201);
  expectStatus(await change.approve(world.ira, 'imoc', word), 201);
  const ownersNow = async () => {
    const { tasks } = (await world.server.ask('GET', '/api/v1/tasks', { token: world.ana.token })).body;
    const ofBoth = tasks.filter(({ title }: { title: string }) => title.includes(lock.id));
    return Object.fromEntries(ofBoth.map((one: { kind: string; owner: string }) => [one.kind, one.owner]));
  };
  const shutOut = (name: string) => world.server.shutOut(name);
  expect(await ownersNow()).toEqual({
    'confirm-lock': 'ira',
    'exemption-review': 'mona',
    'tell-vpe': 'ira',
  });
  await shutOut('mona');
  await passOnTasks(world.server.context);
  expect(await ownersNow()).toMatchObject({ 'exemption-review': 'vera' });
  await shutOut('ira');
  await passOnTasks(world.server.context);
  // Not to cora, who made the lock, and to no incident manager who is shut out.
  const atLast = { 'confirm-lock': 'vera', 'exemption-review': 'vera', 'tell-vpe': 'ira' };
  expect(await ownersNow()).toEqual(atLast);
  // Neither of those who gave the exemption reviews it.
  await shutOut('vera');
  await world.server.onCall({ imoc: 'cora' });
  await passOnTasks(world.server.context);
  expect(await ownersNow()).toEqual({ ...atLast, 'tell-vpe': 'cora' });
});
