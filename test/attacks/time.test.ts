import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startBody, startRunWorld, type RunWorld } from '../kit/run-world.ts';

// Who may start a severe change is tried elsewhere; here it is that it runs alone, whatever the rules say.
const SEVERE = [
  'director-approval',
  'review-quorum',
  'emoc-assigned',
  'cmoc-assigned',
  'bridge-open',
  'exclusive',
  'awareness',
];

let world: RunWorld;
beforeAll(async () => {
  world = await startRunWorld({ rulesOff: SEVERE });
});
afterAll(() => world.server.stop());
afterEach(async () => {
  const { db } = world.server.context;
  await sql`update runs set state = 'failed', hold = null, ended_at = now() where ended_at is null`.execute(
    db,
  );
  await sql`update claims set state = 'failed', ended_at = now(), lease_expires_at = null where ended_at is null`.execute(
    db,
  );
});

const start = (change: string) =>
  world.asRunner('POST', `/api/v1/changes/${change}/runs`, startBody({ idempotencyKey: randomUUID() }));
const claim = () =>
  world.asRunner('POST', '/api/v1/claims', {
    environment: 'illumidesk.com',
    criticality: 'C4',
    severity: 'S1',
    deployment: null,
    estimateMinutes: 5,
    rollbackMinutes: 5,
    idempotencyKey: randomUUID(),
  });
const live = async () => {
  const { rows } = await sql`select holder from stage_places`.execute(world.server.context.db);
  return rows.length;
};

describe('at one time', () => {
  it('of a hundred starts one takes place, and the others are told which (51)', async () => {
    const change = await world.open();
    const answers = await Promise.all(Array.from({ length: 100 }, () => start(change)));
    const [won, ...more] = answers.filter(({ status }) => status === 200);
    expect(more).toEqual([]);
    const lost = answers.filter(({ status }) => status !== 200);
    expect(lost).toHaveLength(99);
    for (const { body } of lost)
      expect(body).toMatchObject({ code: 'run_live', winners: [{ run: won?.body.run.id }] });
    expect(await live()).toBe(1);
  });

  it('a run and a claim of S1 on different changes do not begin both (52)', async () => {
    const changes = await Promise.all([1, 2, 3].map(() => world.open({ severity: 'S1' })));
    const answers = await Promise.all([...changes.map(start), claim(), claim(), claim()]);
    expect(answers.filter(({ status }) => status < 300)).toHaveLength(1);
    for (const { status, body } of answers.filter(({ status: got }) => got >= 300))
      expect([status, body.code]).toEqual([409, 'run_live']);
    expect(await live()).toBe(1);
  });
});
