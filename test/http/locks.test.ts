import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { confirmLock, expectStatus, startChangeWorld, type ChangeWorld } from '../kit/changes.ts';
import type { TestAccount } from '../kit/server.ts';

let world: ChangeWorld;
beforeAll(async () => {
  world = await startChangeWorld((text) =>
    [
      text,
      'releaseDay: release-day',
      'locks:',
      '  - { id: release-day, kind: soft, category: other, reason: release day, recurs: { starting: 1970-01-22, rule: FREQ=MONTHLY;BYMONTHDAY=22, days: 1 } }',
    ].join('\n'),
  );
});
afterAll(() => world.server.stop());

const DAY_MS = 86_400_000;
const fields = { kind: 'hard', environments: ['illumidesk.com'], category: 'other', reason: 'summit' };
const inDays = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString();
const send = (who: TestAccount, path: string, body?: unknown) =>
  world.server.ask('POST', `/api/v1/locks${path}`, { token: who.token, ...(body !== undefined && { body }) });
const propose = (who: TestAccount, more: Record<string, unknown> = {}) =>
  send(who, '', { ...fields, start: inDays(-0.0001), end: inDays(2), ...more });

const confirm = (who: TestAccount, id: string) => confirmLock(world.server, who, id);

/** What the gate says of a hard lock, now. */
async function hardLock(): Promise<string | undefined> {
  const body = {
    environment: 'illumidesk.com',
    criticality: 'C4',
    severity: 'S4',
    estimateMinutes: 1,
    rollbackMinutes: 1,
  };
  const answer = await world.server.ask('POST', '/api/v1/decisions', { token: world.ben.token, body });
  return answer.body.verdicts.find((one: { rule: string }) => one.rule === 'hard-lock')?.verdict;
}

describe('a lock', () => {
  it('of one person is a proposal; another confirms it, another releases it', async () => {
    const { id, state } = expectStatus(await propose(world.mona), 201).body;
    expect(state).toBe('proposed');
    expect(await hardLock()).toBe('pass');
    expect(await confirm(world.mona, id)).toMatchObject({
      status: 409,
      body: { code: 'not_permitted' },
    });
    expectStatus(await confirm(world.ira, id), 200);
    expect(await hardLock()).toBe('deny');
    expect(await confirm(world.ira, id)).toMatchObject({
      status: 409,
      body: { code: 'conflict' },
    });
    expect(await send(world.mona, `/${id}/release`, { reason: 'over' })).toMatchObject({
      status: 409,
      body: { code: 'not_permitted' },
    });
    expect(await hardLock()).toBe('deny');
    expect(expectStatus(await send(world.vera, `/${id}/release`, { reason: 'over' }), 200).body.state).toBe(
      'released',
    );
    expect(await hardLock()).toBe('pass');
    expect(await send(world.ira, `/${id}/release`, { reason: 'over' })).toMatchObject({
      status: 409,
      body: { code: 'conflict' },
    });
  });

  it('of an emergency acts at once, for a time, and is confirmed afterwards', async () => {
    const { id, state } = expectStatus(
      await send(world.cora, '/emergency', { ...fields, timeToLive: '2 h' }),
      201,
    ).body;
    expect(state).toBe('emergency');
    expect(await hardLock()).toBe('deny');
    expect(expectStatus(await confirm(world.ira, id), 200).body.state).toBe('confirmed');
    expectStatus(await send(world.ira, `/${id}/release`, { reason: 'over' }), 200);
    for (const timeToLive of ['25 h', '0 s', '-1 h', '2', 7_200_000])
      expect((await send(world.cora, '/emergency', { ...fields, timeToLive })).status).toBe(400);
  });

  it('is made by those who answer for production', async () => {
    for (const who of [world.ana, world.ben, world.rhea]) {
      expect(await propose(who)).toMatchObject({ status: 409, body: { code: 'not_permitted' } });
      const attempt = await send(who, '/emergency', { ...fields, timeToLive: '1 h' });
      expect(attempt).toMatchObject({ status: 409, body: { code: 'not_permitted' } });
    }
    const { id } = expectStatus(await propose(world.mona), 201).body;
    expect(await confirm(world.rhea, id)).toMatchObject({
      status: 409,
      body: { code: 'not_permitted' },
    });
    expect(await hardLock()).toBe('pass');
  });

  it('is not back-dated, deleted or renamed (17)', async () => {
    for (const span of [
      { start: inDays(-3), end: inDays(2) },
      { start: inDays(-3), end: inDays(-2) },
      { start: inDays(2), end: inDays(1) },
      { start: inDays(1), end: inDays(1) },
    ])
      expect(await propose(world.mona, span)).toMatchObject({ status: 400, body: { code: 'invalid' } });
    const { id } = expectStatus(await propose(world.mona), 201).body;
    for (const method of ['DELETE', 'PUT', 'PATCH']) {
      const path = `/api/v1/locks/${id}`;
      const answer = await world.server.ask(method, path, { token: world.vera.token, body: { reason: 'x' } });
      expect(answer.status).toBe(404);
    }
    expect(await send(world.vera, '/release-day/release', { reason: 'over' })).toMatchObject({ status: 400 });
    expect((await propose(world.mona, { environments: ['elsewhere'] })).status).toBe(400);
    expect((await propose(world.mona, { environments: [] })).status).toBe(400);
    expect((await propose(world.mona, { confirmedBy: 'vera' })).status).toBe(400);
  });

  it('shows what whoever confirms it should have seen', async () => {
    const year = new Date(inDays(3)).getUTCFullYear();
    const long = { reason: `Summit ${year - 1}`, start: inDays(3), end: inDays(43), kind: 'soft' };
    const { id, warnings } = expectStatus(await propose(world.mona, long), 201).body;
    expect(warnings).toEqual(
      expect.arrayContaining([
        'it holds for 40 days, more than 31',
        `its reason names ${year - 1}, and it lies in ${year}`,
        expect.stringMatching(/^the release day of \d{4}-\d{2}-22 lies inside$/),
      ]),
    );
    const again = expectStatus(await propose(world.mona, { start: inDays(4), end: inDays(5) }), 201).body;
    expect(again.warnings).toContain(`it overlaps the soft lock ${id}`);
    // Who is to confirm it is shown the same, and not that it overlaps itself.
    const path = `/api/v1/locks/${again.id}/impact`;
    const shown = await world.server.ask('GET', path, { token: world.vera.token });
    expect(shown.body.warnings).toContain(`it overlaps the soft lock ${id}`);
    expect(shown.body.warnings.join()).not.toContain(again.id);
  });

  it('is exempted for one change by EOC and IMOC, and no further than its id', async () => {
    const { id } = expectStatus(
      await send(world.cora, '/emergency', { ...fields, timeToLive: '1 h' }),
      201,
    ).body;
    const change = await world.open({ set: { criticality: 'C4', topics: [] } });
    const verdict = async () =>
      (await change.show(world.ana)).verdict.decision.verdicts.find(
        (one: { rule: string }) => one.rule === 'hard-lock',
      )?.verdict;
    expect(await verdict()).toBe('deny');
    expectStatus(
      await change.approve(world.cora, 'eoc', { for: `lock:${id}`, reason: 'it repairs the summit' }),
      201,
    );
    expect(await verdict()).toBe('deny');
    expectStatus(
      await change.approve(world.ira, 'imoc', { for: `lock:${id}`, reason: 'it repairs the summit' }),
      201,
    );
    expect(await verdict()).toBe('excepted');
    const other = expectStatus(
      await send(world.cora, '/emergency', { ...fields, timeToLive: '1 h' }),
      201,
    ).body;
    expect(await verdict()).toBe('deny');
    for (const one of [id, other.id])
      expectStatus(await send(world.ira, `/${one}/release`, { reason: 'over' }), 200);
  });
});
