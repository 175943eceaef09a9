import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  expectStatus,
  slotIn,
  startChangeWorld,
  type ChangeWorld,
  type OpenedChange,
} from '../kit/changes.ts';

/** C2 may run in one hour of the day alone, twelve hours from now: at any time of day a slot of soon is refused. */
const far = new Date(Date.now() + 12 * 3_600_000).getUTCHours();
const hour = (of: number) => `${String(of % 24).padStart(2, '0')}:00`;
const FAR_HOURS = `${hour(far)}-${hour(far + 1)}`;

let world: ChangeWorld;
beforeAll(async () => {
  world = await startChangeWorld((text) => text.replace(/(C2:\n\s+hours: )\[.*\]/, `$1['${FAR_HOURS}']`));
});
afterAll(() => world.server.stop());

interface Verdict {
  readonly rule: string;
  readonly verdict: string;
}
const verdictOf = (verdicts: readonly Verdict[], rule: string) =>
  verdicts.find((one) => one.rule === rule)?.verdict;

const role = (who: string) => `/api/v1/people/${who}/roles/reviewer`;

async function reviewed(): Promise<OpenedChange> {
  const change = await world.open();
  expectStatus(await change.approve(world.rhea, 'reviewer'), 201);
  expectStatus(await change.approve(world.cora, 'eoc'), 201);
  return change;
}

/** A review of the EOC is of a slot. */
async function pencil(change: OpenedChange, slot: ReturnType<typeof slotIn>): Promise<void> {
  expectStatus(await change.say(world.ana, '/schedule', { slot, tentative: true }), 200);
  expectStatus(await change.approve(world.cora, 'eoc'), 201);
}

/** Has an exception to the hours asked for and approved; the plan stays what it is. */
async function exceptHours(change: OpenedChange): Promise<void> {
  const asked = { rule: 'allowed-hours', reason: 'Nobody uses it at this hour.' };
  const { body } = expectStatus(await change.say(world.ana, '/exceptions', asked), 201);
  const word = { exception: body.id, digest: change.digest };
  expectStatus(await change.say(world.rhea, '/exceptions/approve', word), 200);
}

describe('a refused schedule', () => {
  it('leaves its decision and its record, and nothing else', async () => {
    const change = await reviewed();
    const before = await change.show(world.ana);
    const entries = (await world.recorded(0)).length;
    const answer = await change.say(world.ana, '/schedule', { slot: slotIn(600_000) });
    expect(answer).toMatchObject({ status: 409, body: { code: 'refused', decision: { allowed: false } } });
    expect(verdictOf(answer.body.decision.verdicts, 'allowed-hours')).toBe('deny');
    expect(answer.body.decision.nextOpening).toMatch(/Z$/);

    const after = await change.show(world.ana);
    expect(after).toMatchObject({
      version: before.version,
      state: 'unscheduled',
      slot: null,
      onCalendar: false,
    });
    const [entry, ...more] = await world.recorded(entries);
    expect(more).toEqual([]);
    expect(entry).toMatchObject({
      type: 'decision',
      action: 'schedule',
      outcome: 'deny',
      object: `change/${change.id}`,
    });
    const path = `/api/v1/changes/${change.id}/decisions`;
    const { decisions } = (await world.server.ask('GET', path, { token: world.ana.token })).body;
    expect(decisions).toMatchObject([
      {
        action: 'schedule',
        allowed: false,
        decision: answer.body.decision,
        facts: { change: { id: change.id } },
      },
    ]);
  });

  it('by somebody who may not is recorded too', async () => {
    const change = await reviewed();
    const entries = (await world.recorded(0)).length;
    const answer = await change.say(world.rhea, '/schedule', { slot: slotIn(600_000) });
    expect(answer).toMatchObject({ status: 409, body: { code: 'not_permitted' } });
    expect(await world.recorded(entries)).toMatchObject([
      { type: 'change.scheduled', outcome: 'deny', details: { code: 'not_permitted' } },
    ]);
  });

  it.each([
    ['without an end', { start: '2026-11-17T22:00:00Z' }],
    ['that ends before it begins', { start: '2026-11-17T23:00:00Z', end: '2026-11-17T22:00:00Z' }],
    ['without length', { start: '2026-11-17T22:00:00Z', end: '2026-11-17T22:00:00Z' }],
    ['without an offset', { start: '2026-11-17T22:00:00', end: '2026-11-17T23:00:00' }],
    ['on a day that is none', { start: '2027-02-29T22:00:00Z', end: '2027-02-29T23:00:00Z' }],
    ['in words', { start: 'now', end: 'later' }],
    ['in a list', ['2026-11-17T22:00:00Z', '2026-11-17T23:00:00Z']],
  ])('of a slot %s is not even asked', async (_what, slot) => {
    const change = await world.open();
    const answer = await change.say(world.ana, '/schedule', { slot });
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid' } });
  });

  it('of a slot that has begun, or is too short', async () => {
    const change = await reviewed();
    for (const slot of [slotIn(-60_000), slotIn(600_000, 29)]) {
      const { body } = await change.say(world.ana, '/schedule', { slot });
      expect(verdictOf(body.decision.verdicts, 'in-slot')).toBe('deny');
    }
  });
});

describe('an exception to a rule about time', () => {
  it('is of the slot that it was asked for, and of no other', async () => {
    const change = await reviewed();
    const [one, other] = [slotIn(600_000), slotIn(1_200_000)];
    await pencil(change, one);
    await exceptHours(change);
    // Another slot, asked for while the first is pencilled in.
    const refused = await change.say(world.ana, '/schedule', { slot: other });
    expect(verdictOf(refused.body.decision.verdicts, 'allowed-hours')).toBe('deny');
    const { body } = expectStatus(await change.say(world.ana, '/schedule', { slot: one }), 200);
    expect(verdictOf(body.decision.verdicts, 'allowed-hours')).toBe('excepted');
  });

  it('does not come along when the slot is moved, nor back when it is moved back', async () => {
    const change = await reviewed();
    const [one, other] = [slotIn(600_000), slotIn(1_200_000)];
    expectStatus(await change.say(world.ana, '/schedule', { slot: one, tentative: true }), 200);
    await exceptHours(change);
    for (const slot of [other, one]) {
      expectStatus(await change.say(world.ana, '/schedule', { slot, tentative: true }), 200);
      const { body } = await change.say(world.ana, '/schedule', { slot });
      expect(verdictOf(body.decision.verdicts, 'allowed-hours')).toBe('deny');
    }
    expect((await change.show(world.ana)).exceptions).toMatchObject([{ approvedBy: 'rhea', current: false }]);
  });

  it('is approved by a reviewer who wrote neither it nor the plan, once, by its number', async () => {
    const change = await reviewed();
    const asked = { rule: 'allowed-hours', reason: 'Nobody uses it.' };
    const { id } = expectStatus(await change.say(world.ben, '/exceptions', asked), 201).body;
    const word = { exception: id, digest: change.digest };
    const { token } = world.server.admin;
    for (const who of ['ana', 'ben']) await world.server.ask('PUT', role(who), { token });
    for (const who of [world.ana, world.ben, world.cora])
      expect(await change.say(who, '/exceptions/approve', word)).toMatchObject({
        body: { code: 'not_permitted' },
      });
    for (const who of ['ana', 'ben']) await world.server.ask('DELETE', role(who), { token });
    const other = await world.open();
    const elsewhere = await other.say(world.rhea, '/exceptions/approve', { ...word, digest: other.digest });
    expect(elsewhere).toMatchObject({ status: 404 });
    const both = await Promise.all([
      change.say(world.rhea, '/exceptions/approve', word),
      change.say(world.rolf, '/exceptions/approve', word),
    ]);
    expect(new Set(both.map(({ status }) => status))).toEqual(new Set([200, 409]));
  });

  it('is asked for a rule that knows exceptions, by the change’s own people, with a reason', async () => {
    const change = await world.open();
    const ask = (who: typeof world.ana, rule: string, reason = 'r') =>
      change.say(who, '/exceptions', { rule, reason });
    expect(await ask(world.ana, 'eoc-veto')).toMatchObject({ status: 409, body: { code: 'not_permitted' } });
    expect(await ask(world.ana, 'no-such-rule')).toMatchObject({ status: 400 });
    expect(await ask(world.ana, 'in-slot', '  ')).toMatchObject({ status: 400 });
    expect(await ask(world.rhea, 'in-slot')).toMatchObject({ status: 409, body: { code: 'not_permitted' } });
    expect(await world.rows(`exceptions where change_id = '${change.id}'`)).toBe(0);
  });
});

/** Scheduled under an exception to its hours, so that it can be announced for a start. */
async function scheduled(): Promise<OpenedChange> {
  const change = await reviewed();
  const slot = slotIn(600_000);
  await pencil(change, slot);
  await exceptHours(change);
  expectStatus(await change.say(world.ana, '/schedule', { slot }), 200);
  return change;
}
const announced = async (change: OpenedChange) =>
  verdictOf((await change.show(world.ana)).verdict.decision.verdicts, 'announced');

describe('an announcement', () => {
  it('is of the slot that it names: that of a former one does not count', async () => {
    const change = await scheduled();
    expect(await announced(change)).toBe('deny');
    expect((await change.say(world.ben, '/announce')).body.announcedAt).not.toBeNull();
    expect(await announced(change)).toBe('pass');
    const slot = slotIn(1_200_000);
    await pencil(change, slot);
    await exceptHours(change);
    expectStatus(await change.say(world.ana, '/schedule', { slot }), 200);
    expect(await announced(change)).toBe('deny');
    expectStatus(await change.say(world.ben, '/announce'), 200);
    expect(await announced(change)).toBe('pass');
  });

  it('is of the plan that it names', async () => {
    const change = await scheduled();
    expectStatus(await change.say(world.ben, '/announce'), 200);
    const { body } = expectStatus(await change.edit(world.ana, { set: { impact: 'Another.' } }), 200);
    const path = '/api/v1/decisions';
    const question = { token: world.ana.token, body: { change: change.id, action: 'start' } };
    const verdicts = (await world.server.ask('POST', path, question)).body.verdicts;
    expect(body.digest).not.toBe(change.digest);
    expect(verdictOf(verdicts, 'announced')).toBe('deny');
  });

  it('counts from its delivery, once, whoever delivers', async () => {
    const change = await scheduled();
    const answers = await Promise.all([1, 2, 3].map(() => change.say(world.ben, '/announce')));
    for (const answer of answers) expectStatus(answer, 200);
    const { messages } = (await world.server.ask('GET', '/api/v1/channel', { token: world.ana.token })).body;
    const about = messages.filter((one: { change: string }) => one.change === change.id);
    // Three were asked for, and each was delivered once.
    expect(about).toHaveLength(3);
    expect(about[0]).toMatchObject({
      person: 'interlock',
      body: expect.stringContaining('is about to start'),
    });
    expect(await world.rows('outbox where delivered_at is null')).toBe(0);
  });

  it('is asked for by the change’s own people', async () => {
    const change = await scheduled();
    expect(await change.say(world.cora, '/announce')).toMatchObject({
      status: 409,
      body: { code: 'not_permitted' },
    });
    expect(await announced(change)).toBe('deny');
  });

  it('is no word that a person writes in the channel', async () => {
    const change = await scheduled();
    const body = { change: change.id, body: `${change.id} is about to start` };
    expectStatus(await world.server.ask('POST', '/api/v1/channel', { token: world.ben.token, body }), 201);
    expect(await announced(change)).toBe('deny');
  });
});
