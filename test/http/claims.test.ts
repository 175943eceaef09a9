import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { sweepClaims } from '../../src/app/claim/sweep.ts';
import { expectStatus, startChangeWorld, type ChangeWorld } from '../kit/changes.ts';
import type { TestAccount } from '../kit/server.ts';

let world: ChangeWorld;
let robot: TestAccount;
let other: TestAccount;
let deployer: string;
beforeAll(async () => {
  world = await startChangeWorld();
  const service = { kind: 'service', scopes: ['ask', 'act', 'read'] } as const;
  robot = await world.server.account('robot', service);
  other = await world.server.account('other', service);
  deployer = await world.server.bastion('deployer-1', 'illumidesk.com', 'deployer');
});
afterAll(() => world.server.stop());
afterEach(async () => {
  await sql`update claims set state = 'failed', ended_at = now(), lease_expires_at = null, settle_from = null
    where ended_at is null`.execute(world.server.context.db);
  await world.asOwner(`update vetoes set lifted_at = now(), lifted_by = 'cora' where lifted_at is null`);
  await world.asOwner(
    `update incidents set resolved_at = now(), resolved_by = 'cora' where resolved_at is null`,
  );
  await world.asOwner(`update locks set released_at = now(), released_by = 'ira' where released_at is null`);
});

const say = (method: string, path: string, who: TestAccount, body?: unknown) =>
  world.server.ask(method, `/api/v1/${path}`, { token: who.token, ...(body !== undefined && { body }) });
const asked = (more: Record<string, unknown> = {}) => ({
  environment: 'illumidesk.com',
  criticality: 'C4',
  severity: 'S4',
  deployment: 'production',
  estimateMinutes: 5,
  rollbackMinutes: 5,
  idempotencyKey: randomUUID(),
  ...more,
});
const claim = (more: Record<string, unknown> = {}, who = robot, bastion?: string) =>
  world.server.ask('POST', '/api/v1/claims', {
    token: who.token,
    body: asked(more),
    ...(bastion !== undefined && { bastion }),
  });
const claimed = async (more: Record<string, unknown> = {}, who = robot) =>
  expectStatus(await claim(more, who), 201).body;
const lose = async (id: string) => {
  await sql`update claims set lease_expires_at = now() - interval '1 minute' where id = ${id}`.execute(
    world.server.context.db,
  );
  return sweepClaims(world.server.context);
};
const newest = async (type: string) =>
  (await world.server.ledger()).findLast((entry) => entry['type'] === type);

describe('a claim', () => {
  it('runs after a yes, is renewed, and is over when it is released', async () => {
    const given = await claimed();
    expect(given).toMatchObject({ state: 'running', person: 'robot', beside: [] });
    expect((await world.server.ledger())[Number(given.decision)]).toMatchObject({
      type: 'decision',
      outcome: 'allow',
    });
    expect((await say('GET', 'claims', robot)).body.claims).toMatchObject([{ id: given.id }]);
    const beat = (await say('POST', `claims/${given.id}/heartbeat`, robot)).body;
    expect(beat).toMatchObject({ go: true, because: [] });
    expect(Date.parse(beat.leaseExpiresAt)).toBeGreaterThan(Date.parse(given.leaseExpiresAt));
    const released = await say('POST', `claims/${given.id}/release`, robot, { outcome: 'succeeded' });
    expect(released.body.state).toBe('succeeded');
    const again = await say('POST', `claims/${given.id}/release`, robot, { outcome: 'succeeded' });
    expect(again).toMatchObject({ status: 200, body: { state: 'succeeded' } });
    const changed = await say('POST', `claims/${given.id}/release`, robot, { outcome: 'failed' });
    expect(changed.body.code).toBe('conflict');
    expect((await say('GET', 'claims', robot)).body.claims).toEqual([]);
  });

  it('is refused with the verdict where the policy says no, and leaves nothing but the record', async () => {
    await say('POST', 'vetoes', world.cora, { change: '*', reason: 'wait' });
    const before = await world.rows('claims');
    const refused = await claim();
    expect(refused).toMatchObject({ status: 409, body: { code: 'refused', decision: { allowed: false } } });
    expect(await world.rows('claims')).toBe(before);
    expect(await newest('decision')).toMatchObject({ outcome: 'deny', reason: 'refused by eoc-veto' });
  });

  it('is the same for the same key, and none for the key of another', async () => {
    const idempotencyKey = randomUUID();
    const all = await Promise.all([1, 2, 3].map(() => claimed({ idempotencyKey })));
    expect(new Set(all.map(({ id }) => id)).size).toBe(1);
    const changed = await claim({ idempotencyKey, severity: 'S3' });
    expect(changed).toMatchObject({ status: 409, body: { code: 'conflict' } });
  });

  it('is held by its own account alone', async () => {
    const { id } = await claimed();
    for (const [path, body] of [
      ['heartbeat', undefined],
      ['release', { outcome: 'succeeded' }],
    ] as const) {
      expect((await say('POST', `claims/${id}/${path}`, other, body)).body.code).toBe('not_permitted');
    }
  });

  it('needs both scopes', async () => {
    const asks = await world.server.account('asks', { kind: 'service', scopes: ['ask'] });
    const acts = await world.server.account('acts', { kind: 'service', scopes: ['act'] });
    expect((await claim({}, asks)).status).toBe(403);
    expect((await claim({}, acts)).status).toBe(403);
  });

  it('is for deployments from a deployer, and for its environment from any host', async () => {
    const wrong = await claim({ deployment: null }, robot, deployer);
    expect(wrong).toMatchObject({ status: 409, body: { code: 'not_permitted' } });
    expect(await newest('claim.refused')).toMatchObject({ details: { code: 'not_permitted' } });
    expect(await claim({}, robot, deployer)).toMatchObject({ status: 201, body: { host: 'deployer-1' } });
    const elsewhere = await claim({ environment: 'nowhere.example' }, robot, deployer);
    expect(elsewhere.body.code).toBe('not_permitted');
  });
});

describe('the stage', () => {
  it('has one of many S1 that claim at once', async () => {
    const all = await Promise.all(Array.from({ length: 8 }, () => claim({ severity: 'S1' })));
    expect(all.filter(({ status }) => status === 201)).toHaveLength(1);
    const codes = new Set(all.filter(({ status }) => status !== 201).map(({ body }) => body.code));
    expect([...codes].every((code) => code === 'run_live' || code === 'refused')).toBe(true);
  });

  it('is not to be had beside an S2, whatever the policy was asked', async () => {
    await claimed({ severity: 'S2' });
    const write =
      sql`insert into claims (person, idempotency_key, request_digest, asked, decision, environment, severity,
      lease_expires_at) select person, 'another', request_digest, asked, decision, environment, 'S4', lease_expires_at
      from claims where ended_at is null`.execute(world.server.context.db);
    await expect(write).rejects.toMatchObject({ constraint: 'stage_alone' });
    expect((await claim()).body).toMatchObject({
      code: 'refused',
      decision: {
        verdicts: expect.arrayContaining([expect.objectContaining({ rule: 'exclusive', verdict: 'deny' })]),
      },
    });
  });

  it('tells who starts beside whom, both ways', async () => {
    const first = await claimed({}, other);
    const second = await claimed();
    expect(second.beside).toEqual([{ id: first.id, severity: 'S4', person: 'other' }]);
    const { notices } = (await say('GET', 'notices', other)).body;
    expect(notices[0]).toMatchObject({ kind: 'started-beside', about: `claim/${second.id}` });
    expect((await say('GET', 'notices', robot)).body.notices).toEqual([]);
  });

  it('cannot be left or taken by the application itself', async () => {
    await claimed({ severity: 'S1' });
    await expect(sql`delete from stage_places`.execute(world.server.context.db)).rejects.toThrow(
      'permission denied',
    );
  });
});

describe('a heartbeat', () => {
  it.each([
    ['a veto', () => say('POST', 'vetoes', world.cora, { change: '*', reason: 'stop' }), 'eoc-veto'],
    [
      'a lock',
      () =>
        say('POST', 'locks/emergency', world.cora, {
          kind: 'hard',
          environments: ['illumidesk.com'],
          category: 'instability',
          reason: 'unstable',
          timeToLive: '1h',
        }),
      'hard-lock',
    ],
    [
      'an incident',
      () => say('POST', 'incidents', world.cora, { title: 'down', severity: 'S2' }),
      'no-active-incident',
    ],
  ])('says no after %s, and records it once', async (_what, trouble, rule) => {
    const { id } = await claimed();
    expectStatus(await trouble(), 201);
    const before = (await world.server.ledger()).length;
    const beats = [];
    for (let beat = 0; beat < 3; beat += 1)
      beats.push((await say('POST', `claims/${id}/heartbeat`, robot)).body);
    expect(beats.map(({ go }) => go)).toEqual([false, false, false]);
    expect(beats[2].because).toMatchObject([{ rule, verdict: 'deny' }]);
    expect((await world.server.ledger()).slice(before)).toMatchObject([
      { type: 'decision', object: `claim/${id}`, outcome: 'deny' },
    ]);
  });

  it('says no while the ledger is frozen', async () => {
    const { id } = await claimed();
    world.server.context.ledger.frozen = 'an entry was altered';
    const { body } = await say('POST', `claims/${id}/heartbeat`, robot);
    const another = await claim();
    world.server.context.ledger.frozen = null;
    expect(body).toMatchObject({ go: false, because: [{ rule: null, because: 'an entry was altered' }] });
    expect(another).toMatchObject({ status: 503, body: { code: 'ledger_frozen' } });
  });
});

describe('a claim that is not renewed', () => {
  it('is unknown, keeps its place, and is freed by the word of a person on duty alone', async () => {
    const { id } = await claimed({ severity: 'S1' });
    expect(await lose(id)).toBe(1);
    expect(await lose('CLAIM-0')).toBe(0);
    expect(await newest('claim.lost')).toMatchObject({ object: `claim/${id}`, outcome: 'error' });
    const { notices } = (await say('GET', 'notices', world.cora)).body;
    expect(notices[0]).toMatchObject({ kind: 'claim-lost', about: `claim/${id}` });
    expect((await claim()).body.code).toBe('refused');
    expect((await say('POST', `claims/${id}/heartbeat`, robot)).body.code).toBe('lease_lost');
    const late = await say('POST', `claims/${id}/release`, robot, { outcome: 'succeeded' });
    expect(late.body.code).toBe('lease_lost');
    expect(await newest('claim.released')).toMatchObject({ outcome: 'deny' });
    const settle = (who: TestAccount) => say('POST', `claims/${id}/settle`, who, { outcome: 'failed' });
    expect((await settle(robot)).status).toBe(403);
    expect((await settle(world.ana)).body.code).toBe('not_permitted');
    expect(await settle(world.cora)).toMatchObject({
      status: 200,
      body: { state: 'failed', settledBy: 'cora' },
    });
    expect((await claim()).status).toBe(201);
  });

  it('is not settled while its work may still go on', async () => {
    const { id } = await claimed();
    // A moment ago: the clock of the sweep counts whole milliseconds.
    await sql`update claims set lease_expires_at = clock_timestamp() - interval '5 milliseconds' where id = ${id}`.execute(
      world.server.context.db,
    );
    await sweepClaims(world.server.context);
    const early = await say('POST', `claims/${id}/settle`, world.cora, { outcome: 'failed' });
    expect(early).toMatchObject({ status: 409, body: { code: 'too_early' } });
  });

  it('is lost even before anybody noticed', async () => {
    const { id } = await claimed();
    await sql`update claims set lease_expires_at = now() - interval '1 second' where id = ${id}`.execute(
      world.server.context.db,
    );
    expect((await say('POST', `claims/${id}/heartbeat`, robot)).body.code).toBe('lease_lost');
  });
});
