import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deliverDue } from '../../src/app/deliver.ts';
import { announceLocks } from '../../src/app/lock/announce.ts';
import { confirmLock, expectStatus, startChangeWorld, type ChangeWorld } from '../kit/changes.ts';
import type { Answer, TestAccount } from '../kit/server.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const day = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);
const inDays = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString();
const fields = { kind: 'hard', environments: ['illumidesk.com'], category: 'other', reason: 'summit' };

let world: ChangeWorld;
beforeAll(async () => {
  world = await startChangeWorld((text) =>
    [
      text,
      'locks:',
      `  - { id: fair, kind: soft, category: other, reason: the fair, first: ${day(5)}, last: ${day(6)} }`,
    ].join('\n'),
  );
});
afterAll(() => world.server.stop());

const send = (who: TestAccount, path: string, body: unknown): Promise<Answer> =>
  world.server.ask('POST', `/api/v1/locks${path}`, { token: who.token, body });
const read = async (path: string) =>
  expectStatus(await world.server.ask('GET', path, { token: world.ben.token }), 200).body;

/** What the gate says of a hard lock, now. */
async function hardLock(): Promise<string | undefined> {
  const body = { environment: 'illumidesk.com', criticality: 'C4', severity: 'S4' };
  const more = { estimateMinutes: 1, rollbackMinutes: 1 };
  const answer = await world.server.ask('POST', '/api/v1/decisions', {
    token: world.ben.token,
    body: { ...body, ...more },
  });
  return answer.body.verdicts.find((one: { rule: string }) => one.rule === 'hard-lock')?.verdict;
}

async function told(): Promise<string[]> {
  await deliverDue(world.server.context);
  const { messages } = await read('/api/v1/channel?limit=500');
  return messages.map(({ body }: { body: string }) => body);
}

describe('another text for a lock', () => {
  it('holds nothing until somebody else confirms it, and stays in its history', async () => {
    const wish = { ...fields, start: inDays(-0.0001), end: inDays(2) };
    const { id, start } = expectStatus(await send(world.mona, '', wish), 201).body;
    expectStatus(await confirmLock(world.server, world.vera, id), 200);
    const shorter = { ...fields, start, end: new Date(Date.now() + HOUR_MS).toISOString(), kind: 'soft' };
    const edit = expectStatus(await send(world.vera, `/${id}/edits`, { ...shorter, version: 1 }), 201).body;
    expect(edit).toMatchObject({ version: 1, kind: 'hard', edit: { version: 2, kind: 'soft' } });
    expect(await hardLock()).toBe('deny');
    expect(await send(world.vera, `/${id}/confirm`, { digest: edit.edit.digest })).toMatchObject({
      status: 409,
      body: { code: 'not_permitted' },
    });
    expect(await send(world.ira, `/${id}/confirm`, { digest: edit.digest })).toMatchObject({
      body: { code: 'stale' },
    });
    expect(await hardLock()).toBe('deny');
    expect((await read(`/api/v1/locks/${id}/impact`)).loosens).toBe(true);
    expectStatus(await confirmLock(world.server, world.ira, id), 200);
    expect(await hardLock()).toBe('pass');
    const { versions } = await read(`/api/v1/locks/${id}/history`);
    expect(versions).toMatchObject([
      { version: 1, kind: 'hard', proposedBy: 'mona', confirmedBy: 'vera' },
      { version: 2, kind: 'soft', proposedBy: 'vera', confirmedBy: 'ira' },
    ]);
    expect(await send(world.mona, `/${id}/edits`, { ...shorter, version: 1 })).toMatchObject({ status: 409 });
    expectStatus(await send(world.ira, `/${id}/release`, { reason: 'over' }), 200);
  });

  it('does not reach back', async () => {
    const { id } = expectStatus(
      await send(world.mona, '', { ...fields, start: inDays(3), end: inDays(4) }),
      201,
    ).body;
    const back = { ...fields, start: inDays(-1), end: inDays(4), version: 1 };
    expect(await send(world.vera, `/${id}/edits`, back)).toMatchObject({ status: 400 });
    expectStatus(await send(world.vera, `/${id}/release`, { reason: 'over' }), 200);
  });
});

describe('the impact of a lock', () => {
  it('names the requests that it blocks and the openings that it closes, and saves nothing', async () => {
    const change = await world.open({ set: { criticality: 'C4', topics: [] } });
    const slot = { start: inDays(1), end: inDays(1.2) };
    expectStatus(await change.say(world.ana, '/schedule', { slot, tentative: true }), 200);
    const before = await world.rows('lock_versions');
    const wish = { ...fields, first: day(0), last: day(2) };
    const impact = expectStatus(await send(world.ben, '/preview', wish), 200).body;
    expect(impact.blocks).toMatchObject([{ change: change.id, until: `${day(3)}T09:00:00Z` }]);
    expect(impact.openings.map(({ criticality }: { criticality: string }) => criticality)).toContain('C4');
    expect(impact.loosens).toBe(false);
    expect(await world.rows('lock_versions')).toBe(before);
    const soft = expectStatus(await send(world.ben, '/preview', { ...wish, kind: 'soft' }), 200).body;
    expect(soft.blocks).toEqual([]);
    const { digest } = expectStatus(await send(world.mona, '', wish), 201).body;
    expect(digest).toBe(impact.digest);
  });
});

describe('a lock that comes again', () => {
  it('holds on its days alone, for as long as a decision looks ahead', async () => {
    const recurs = { starting: day(1), rule: 'FREQ=WEEKLY', days: 1 };
    const { id, end } = expectStatus(await send(world.mona, '', { ...fields, recurs }), 201).body;
    expect(end).toBeNull();
    expectStatus(await confirmLock(world.server, world.vera, id), 200);
    const from = `${day(0)}T00:00:00Z`;
    const { locks } = await read(`/api/v1/calendar?from=${from}&to=${day(16)}T00:00:00Z`);
    const mine = locks.filter((lock: { id: string }) => lock.id === id);
    expect(mine.map(({ start }: { start: string }) => start)).toEqual(
      [1, 8, 15].map((days) => `${day(days)}T09:00:00.000Z`),
    );
    expectStatus(await send(world.ira, `/${id}/release`, { reason: 'over' }), 200);
  });

  it.each([
    ['a rule that never happens', 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30'],
    ['a rule by hours', 'FREQ=HOURLY'],
    ['a part that nobody knows', 'FREQ=DAILY;EXCEPT=MO'],
  ])('%s is refused', async (_what, rule) => {
    const recurs = { starting: day(1), rule, days: 1 };
    expect(await send(world.mona, '', { ...fields, recurs })).toMatchObject({ status: 400 });
  });
});

describe('teams are told', () => {
  it('when a lock is confirmed and when one comes near, once each', async () => {
    const wish = { ...fields, reason: 'the long night', start: inDays(20), end: inDays(21) };
    const { id } = expectStatus(await send(world.mona, '', wish), 201).body;
    expect((await told()).filter((body) => body.includes(id))).toEqual([]);
    expectStatus(await confirmLock(world.server, world.vera, id), 200);
    await Promise.all([announceLocks(world.server.context), announceLocks(world.server.context)]);
    const all = await told();
    expect(all.filter((body) => body.includes(id))).toEqual([
      expect.stringMatching(
        /^hard lock LOCK-\d+ of illumidesk\.com, confirmed by vera: .* UTC.*the long night$/,
      ),
    ]);
    const fair = all.filter((body) => body.includes('soft lock fair'));
    expect(fair).toEqual([expect.stringContaining(`${day(5)} 09:00 to ${day(7)} 09:00 UTC, 2 days`)]);
    // The time ahead that is nearer is told once more: as if a day had become six, for nobody can wait here.
    const { context } = world.server;
    expect(context.policy.file.limits.lockAnnouncements).toEqual([7 * DAY_MS, DAY_MS]);
    const limits = { ...context.policy.file.limits, lockAnnouncements: [7 * DAY_MS, 6 * DAY_MS] };
    const nearer = { ...context, policy: { ...context.policy, file: { ...context.policy.file, limits } } };
    await announceLocks(nearer);
    await announceLocks(nearer);
    expect((await told()).filter((body) => body.includes('soft lock fair'))).toHaveLength(2);
  });

  it('why a lock ends early, which whoever releases it has to say', async () => {
    const wish = { ...fields, start: inDays(30), end: inDays(31) };
    const { id } = expectStatus(await send(world.mona, '', wish), 201).body;
    expectStatus(await confirmLock(world.server, world.vera, id), 200);
    expectStatus(await send(world.ira, `/${id}/release`, {}), 400);
    expectStatus(await send(world.ira, `/${id}/release`, { reason: 'the fair is called off' }), 200);
    expect(await told()).toContainEqual(
      expect.stringMatching(/released early by ira: .* Why: the fair is called off\. /),
    );
  });

  it('of an emergency lock at once, and somebody else gets the task to confirm it', async () => {
    const wish = { ...fields, timeToLive: '1 h' };
    const { id, digest } = expectStatus(await send(world.cora, '/emergency', wish), 201).body;
    expect((await told()).filter((body) => body.includes(id))).toHaveLength(1);
    const open = async () =>
      (await read('/api/v1/tasks')).tasks.filter(({ title }: { title: string }) => title.includes(id));
    expect(await open()).toMatchObject([{ owner: 'ira', kind: 'confirm-lock' }]);
    expectStatus(await send(world.mona, `/${id}/confirm`, { digest }), 200);
    expect(await open()).toEqual([]);
    expectStatus(await send(world.ira, `/${id}/release`, { reason: 'over' }), 200);
  });
});
