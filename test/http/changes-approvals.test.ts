import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StandingRole } from '../../src/contract/people.ts';
import {
  expectStatus,
  slotIn,
  startChangeWorld,
  type ChangeWorld,
  type OpenedChange,
} from '../kit/changes.ts';
import { clockOf, type TestClock } from '../kit/clock.ts';
import type { Answer, TestAccount } from '../kit/server.ts';

let world: ChangeWorld;
beforeAll(async () => {
  world = await startChangeWorld();
});
afterAll(() => world.server.stop());

const HOUR_MS = 3_600_000;

/** Refused with this code; recorded as a refusal; and nothing but the record is there. */
async function refused(code: string, attempt: () => Promise<Answer>): Promise<Record<string, unknown>> {
  const tables = ['approvals', 'exceptions', 'messages', 'presences'];
  const counts = () => Promise.all(tables.map((table) => world.rows(table)));
  const before = await counts();
  const entries = (await world.recorded(0)).length;
  const answer = await attempt();
  expect(answer.body).toMatchObject({ code });
  expect(await counts()).toEqual(before);
  const [entry, ...more] = await world.recorded(entries);
  expect(more).toEqual([]);
  expect(entry).toMatchObject({ outcome: 'deny' });
  return entry ?? {};
}

const rule = async (change: OpenedChange, name: string): Promise<string | undefined> =>
  (await change.show(world.ana)).verdict.decision.verdicts.find((one: { rule: string }) => one.rule === name)
    ?.verdict;

/** Sets who is on call: shifts in milliseconds from now. */
async function rota(shifts: readonly (readonly [person: string, from: number, until: number])[]) {
  const eoc = shifts.map(([person, from, until]) => ({
    person,
    start: new Date(Date.now() + from).toISOString(),
    end: new Date(Date.now() + until).toISOString(),
  }));
  expectStatus(
    await world.server.ask('PUT', '/api/v1/rota', { token: world.server.admin.token, body: { eoc } }),
    200,
  );
}

describe('who may say yes', () => {
  it('not the author, in whatever capacity (1)', async () => {
    const change = await world.open();
    for (const role of ['reviewer', 'management'] as StandingRole[])
      await world.server.ask('PUT', `/api/v1/people/ana/roles/${role}`, { token: world.server.admin.token });
    for (const capacity of ['reviewer', 'management'])
      await refused('not_permitted', () => change.approve(world.ana, capacity));
    await world.server.onCall({ eoc: 'ana', imoc: 'ira' });
    await refused('not_permitted', () => change.approve(world.ana, 'eoc'));
    await refused('not_permitted', () => change.approve(world.ana, 'eoc', { for: 'start' }));
    await world.server.onCall({ eoc: 'cora', imoc: 'ira' });
  });

  it('not the author through a bot of theirs, nor the human behind one (2)', async () => {
    const change = await world.open();
    const bot = await world.server.account('ana-second', { kind: 'service', botOf: 'ana' });
    const answer = await change.approve(bot, 'reviewer');
    expect(answer).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    // Through the other doors a service may write, and its word is refused all the same.
    const approve = { as: 'reviewer', for: 'plan', digest: change.digest };
    await refused('not_permitted', () => change.say(bot, '/discussion', { body: 'Yes.', approve }));
    const inChat = { token: bot.token, body: { change: change.id, body: 'Yes.', approve } };
    await refused('not_permitted', () => world.server.ask('POST', '/api/v1/channel', inChat));
  });

  it('not a service, and the attempt is recorded (15)', async () => {
    const change = await world.open();
    const service = await world.server.account('pipeline', { kind: 'service' });
    const entries = (await world.recorded(0)).length;
    expect((await change.approve(service, 'reviewer')).status).toBe(403);
    expect(await world.recorded(entries)).toMatchObject([{ type: 'access.denied', outcome: 'deny' }]);
    expect((await change.show(world.ana)).approvals).toEqual([]);
  });

  it('not whoever lacks the role, nor once it is taken away (14)', async () => {
    const change = await world.open();
    await refused('not_permitted', () => change.approve(world.ben, 'reviewer'));
    await refused('not_permitted', () => change.approve(world.rhea, 'management'));
    expectStatus(await change.approve(world.rolf, 'reviewer'), 201);
    expect(await rule(change, 'first-iteration-review')).toBe('pass');
    const role = '/api/v1/people/rolf/roles/reviewer';
    await world.server.ask('DELETE', role, { token: world.server.admin.token });
    expect(await rule(change, 'first-iteration-review')).toBe('deny');
    await refused('not_permitted', () => change.approve(world.rolf, 'reviewer'));
    await world.server.ask('PUT', role, { token: world.server.admin.token });
  });

  it('not in a capacity that the policy does not ask for', async () => {
    const change = await world.open();
    await refused('invalid', () => change.approve(world.vera, 'vpe'));
    await refused('invalid', () => change.approve(world.rhea, 'reviewer', { for: 'start' }));
    await refused('invalid', () => change.approve(world.cora, 'eoc', { for: 'lock:no-such-lock' }));
    await refused('not_permitted', () => change.approve(world.rhea, 'eoc', { for: 'emergency' }));
  });

  it('not who edited what they would review', async () => {
    await world.server.ask('PUT', '/api/v1/people/ben/roles/reviewer', { token: world.server.admin.token });
    const change = await world.open();
    const edited = expectStatus(await change.edit(world.ben, { set: { impact: 'Another.' } }), 200).body;
    await refused('not_permitted', () => change.approve(world.ben, 'reviewer', { digest: edited.digest }));
    await world.server.ask('DELETE', '/api/v1/people/ben/roles/reviewer', {
      token: world.server.admin.token,
    });
  });
});

describe('one word counts once', () => {
  it('however often one person gives it (16)', async () => {
    // Maintenance of severity S1 asks for three reviewers.
    const change = await world.open({ set: { kind: 'maintenance', severity: 'S1' } });
    for (let time = 0; time < 3; time += 1) expectStatus(await change.approve(world.rhea, 'reviewer'), 201);
    const verdict = (await change.show(world.ana)).verdict.decision.verdicts.find(
      (one: { rule: string }) => one.rule === 'review-quorum',
    );
    expect(verdict).toMatchObject({ verdict: 'deny', because: expect.stringMatching(/three|3/) });
  });

  it('and not once it is taken back, which only its giver may', async () => {
    const change = await world.open();
    const given = expectStatus(await change.approve(world.rhea, 'reviewer'), 201).body;
    const take = (who: TestAccount) =>
      world.server.ask('DELETE', `/api/v1/changes/${change.id}/approvals/${given.id}`, { token: who.token });
    await refused('not_found', () => take(world.rolf));
    expect((await take(world.rhea)).status).toBe(204);
    // The people of the change hear of it now, and not first by a start that is refused.
    for (const { token } of [world.ana, world.ben]) {
      const { notices } = (await world.server.ask('GET', '/api/v1/notices?limit=1', { token })).body;
      expect(notices).toMatchObject([{ kind: 'word-withdrawn', about: `change/${change.id}` }]);
    }
    expect(await rule(change, 'first-iteration-review')).toBe('deny');
    expect((await change.show(world.ana)).approvals).toMatchObject([{ current: false }]);
    await refused('not_found', () => take(world.rhea));
  });

  it('and not with a time of its own (55)', async () => {
    const change = await world.open();
    const answer = await change.approve(world.rhea, 'reviewer', { at: '2020-01-01T00:00:00Z' });
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid' } });
    const door = await change.approve(world.rhea, 'reviewer', { via: 'voice' });
    expect(door).toMatchObject({ status: 400, body: { code: 'invalid' } });
  });
});

describe('what is approved is what was seen', () => {
  it('not a former plan: the refusal names what differs (8, 9)', async () => {
    const change = await world.open();
    expectStatus(await change.approve(world.rhea, 'reviewer'), 201);
    const edited = expectStatus(await change.edit(world.ana, { set: { impact: 'Another.' } }), 200).body;
    const answer = await change.approve(world.rolf, 'reviewer');
    expect(answer).toMatchObject({ status: 412, body: { code: 'stale' } });
    expect(answer.body.message).toContain('what differs: purpose');
    await refused('stale', () => change.approve(world.rolf, 'reviewer'));
    expect(await rule(change, 'first-iteration-review')).toBe('deny');
    expectStatus(await change.approve(world.rolf, 'reviewer', { digest: edited.digest }), 201);
    expect(await rule(change, 'first-iteration-review')).toBe('pass');
  });

  it('nor a digest that no revision has', async () => {
    const change = await world.open();
    await refused('stale', () =>
      change.approve(world.rhea, 'reviewer', { digest: `sha256:${'0'.repeat(64)}` }),
    );
    expect((await change.approve(world.rhea, 'reviewer', { digest: 'sha256:0' })).status).toBe(400);
    expect((await change.approve(world.rhea, 'reviewer', { digest: [change.digest] })).status).toBe(400);
  });

  it('approved while another revision is saved: the word is for one of them, never for both', async () => {
    const change = await world.open();
    const [edited, approved] = await Promise.all([
      change.edit(world.ana, { set: { impact: 'Another.' } }, 1),
      change.approve(world.rhea, 'reviewer'),
    ]);
    expect(edited.status).toBe(200);
    expect([201, 412]).toContain(approved.status);
    expect(
      (await change.show(world.ana)).approvals.filter(({ current }: { current: boolean }) => current),
    ).toEqual([]);
  });
});

describe('the engineer on call', () => {
  it('reviews for the start of the slot, whoever is on call now (7)', async () => {
    await rota([
      ['cora', -HOUR_MS, 2 * HOUR_MS],
      ['rolf', 2 * HOUR_MS, 4 * HOUR_MS],
    ]);
    const change = await world.open();
    const slot = slotIn(3 * HOUR_MS);
    expectStatus(await change.say(world.ana, '/schedule', { slot, tentative: true }), 200);
    await refused('not_permitted', () => change.approve(world.cora, 'eoc'));
    expectStatus(await change.approve(world.rolf, 'eoc'), 201);
    expect(await rule(change, 'eoc-plan-review')).toBe('pass');
    // Another slot is another engineer's.
    expectStatus(await change.say(world.ana, '/schedule', { slot: slotIn(HOUR_MS), tentative: true }), 200);
    expect(await rule(change, 'eoc-plan-review')).toBe('deny');
    await refused('not_permitted', () => change.approve(world.rolf, 'eoc', { for: 'start' }));
    await world.server.onCall({ eoc: 'cora', imoc: 'ira' });
  });

  it('says it before the shift ends, half open to the millisecond (7, 53)', async () => {
    const change = await world.open();
    // Long enough for a slow machine to ask twice within it.
    const end = Date.now() + 2_500;
    await rota([
      ['rolf', -HOUR_MS, end - Date.now()],
      ['cora', end - Date.now(), 24 * HOUR_MS],
    ]);
    expectStatus(await change.approve(world.rolf, 'eoc', { for: 'start' }), 201);
    await refused('not_permitted', () => change.approve(world.cora, 'eoc', { for: 'start' }));
    await new Promise((over) => setTimeout(over, end - Date.now() + 100));
    await refused('not_permitted', () => change.approve(world.rolf, 'eoc', { for: 'start' }));
    expectStatus(await change.approve(world.cora, 'eoc', { for: 'start' }), 201);
    await world.server.onCall({ eoc: 'cora', imoc: 'ira' });
  });

  it('gives a word by voice for a start, by their own tap alone', async () => {
    const change = await world.open();
    await refused('not_permitted', () => change.approve(world.ben, 'eoc', { for: 'start', voice: true }));
    await refused('invalid', () => change.approve(world.rhea, 'reviewer', { voice: true }));
    const given = expectStatus(await change.approve(world.cora, 'eoc', { for: 'start', voice: true }), 201);
    expect(given.body.via).toBe('voice');
  });

  it('is present by an act of their own', async () => {
    const change = await world.open();
    expect((await change.say(world.cora, '/presence')).status).toBe(204);
    expect((await change.say(world.cora, '/situation-room')).status).toBe(204);
    const service = await world.server.account('watcher', { kind: 'service' });
    expect((await change.say(service, '/presence')).status).toBe(403);
    expect((await change.say(world.cora, '/presence', { person: 'ira' })).status).toBe(204);
    expect(await world.rows(`presences where change_id = '${change.id}' and person <> 'cora'`)).toBe(0);
  });
});

// The last here: the clock of the database stands from now on, so that no machine is too slow for it.
describe('a word ends', () => {
  let clock: TestClock;
  const now = Date.now();
  const at = (ms: number) => new Date(now + ms).toISOString();
  beforeAll(async () => {
    clock = await clockOf(world.server);
  });

  it('when its time is over, and is not given when it is over already', async () => {
    const change = await world.open();
    await refused('invalid', () => change.approve(world.rhea, 'reviewer', { expiresAt: at(-1_000) }));
    expectStatus(await change.approve(world.rhea, 'reviewer', { expiresAt: at(HOUR_MS) }), 201);
    await clock.set(at(HOUR_MS - 1));
    expect(await rule(change, 'first-iteration-review')).toBe('pass');
    await clock.set(at(HOUR_MS));
    expect(await rule(change, 'first-iteration-review')).toBe('deny');
  });
});
