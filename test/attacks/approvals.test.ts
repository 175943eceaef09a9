import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  expectStatus,
  slotIn,
  startChangeWorld,
  type ChangeWorld,
  type OpenedChange,
} from '../kit/changes.ts';
import type { Answer, TestAccount } from '../kit/server.ts';

let world: ChangeWorld;
beforeAll(async () => {
  world = await startChangeWorld();
});
afterAll(() => world.server.stop());

/** Refused with this code; recorded as a refusal; and nothing but the record is there. */
async function refused(code: string, attempt: () => Promise<Answer>): Promise<void> {
  const tables = ['approvals', 'verbal_words', 'announcements', 'notices', 'presences'];
  const counts = () => Promise.all(tables.map((table) => world.rows(table)));
  const before = await counts();
  const entries = (await world.recorded(0)).length;
  expect((await attempt()).body).toMatchObject({ code });
  expect(await counts()).toEqual(before);
  expect(await world.recorded(entries)).toMatchObject([{ outcome: 'deny' }]);
}

const at = (seconds: number) => `clock_timestamp() + interval '${seconds} s'`;

/** Lays the EOC's rota around the database's clock: seconds from now. */
async function laid(...shifts: readonly (readonly [person: string, from: number, until: number])[]) {
  const rows = shifts.map(
    ([person, from, until]) => `('eoc', '${person}', tstzrange(${at(from)}, ${at(until)}), 'admin')`,
  );
  await world.asOwner(`
    update rota_shifts set retired_at = now() where rota = 'eoc' and retired_at is null;
    insert into rota_shifts (rota, person, during, set_by) values ${rows.join(', ')};`);
}

const rule = async (change: OpenedChange, name: string): Promise<string | undefined> =>
  (await change.show(world.ana)).verdict.decision.verdicts.find((one: { rule: string }) => one.rule === name)
    ?.verdict;

/** What is refused at the start, as the start would be asked about now. */
async function atStart(change: OpenedChange, name: string): Promise<string | undefined> {
  const body = { change: change.id, action: 'start' };
  const answer = await world.server.ask('POST', '/api/v1/decisions', { token: world.ben.token, body });
  return answer.body.verdicts.find((one: { rule: string }) => one.rule === name)?.verdict;
}

const claim = (change: OpenedChange, who: TestAccount) => change.say(who, '/verbal', {});
const confirm = (change: OpenedChange, who: TestAccount, word: string) =>
  change.say(who, `/verbal/${word}/confirm`);
const start = { for: 'start' };

describe('an approval of the engineer on call (7)', () => {
  it('does not count one second after the shift, nor one second before it', async () => {
    const change = await world.open();
    await laid(['rolf', -3_600, -1], ['cora', -1, 60], ['rhea', 60, 3_600]);
    await refused('not_permitted', () => change.approve(world.rolf, 'eoc', start));
    await refused('not_permitted', () => change.approve(world.rhea, 'eoc', start));
    expectStatus(await change.approve(world.cora, 'eoc', start), 201);
    await laid(['cora', -3_600, 86_400]);
  });

  it('given on duty counts while the room was joined within the hour, and no longer once another has taken over', async () => {
    const change = await world.open({ set: { criticality: 'C1' } });
    await laid(['rolf', -3_600, 3_600]);
    expectStatus(await change.say(world.rolf, '/situation-room'), 204);
    expectStatus(await change.approve(world.rolf, 'eoc', { ...start, voice: true }), 201);
    expect(await atStart(change, 'eoc-verbal')).toBe('pass');
    const age = (minutes: number) =>
      world.asOwner(
        `update presences set joined_at = clock_timestamp() - interval '${minutes} min' where change_id = '${change.id}'`,
      );
    await age(59);
    expect(await atStart(change, 'eoc-verbal')).toBe('pass');
    await age(61);
    expect(await atStart(change, 'eoc-verbal')).toBe('deny');
    expectStatus(await change.say(world.rolf, '/situation-room'), 204);
    expect(await atStart(change, 'eoc-verbal')).toBe('pass');
    await laid(['rolf', -3_600, -1], ['cora', -1, 86_400]);
    expect(await atStart(change, 'eoc-verbal')).toBe('deny');
    await laid(['cora', -3_600, 86_400]);
  });
});

it('approves, edits, starts: the plan that starts is not the one that was approved (8, 9)', async () => {
  const change = await world.open();
  expectStatus(await change.approve(world.rhea, 'reviewer'), 201);
  expect(await rule(change, 'first-iteration-review')).toBe('pass');
  expectStatus(await change.edit(world.ana, { set: { 'steps.2.timeout': '9 min' } }), 200);
  expect(await atStart(change, 'first-iteration-review')).toBe('deny');
  await refused('stale', () => change.approve(world.rolf, 'reviewer'));
});

it('one person three times is one voice of a quorum (16)', async () => {
  const change = await world.open({ set: { kind: 'maintenance', severity: 'S1' } });
  for (let time = 0; time < 3; time += 1) expectStatus(await change.approve(world.rhea, 'reviewer'), 201);
  expect(await rule(change, 'review-quorum')).toBe('deny');
});

describe('a word by voice that somebody else reports', () => {
  it('counts for nothing until the engineer on call confirms it, once', async () => {
    const change = await world.open({ set: { criticality: 'C1' } });
    expectStatus(await change.say(world.cora, '/situation-room'), 204);
    const word = expectStatus(await claim(change, world.ben), 201).body;
    expect(word).toMatchObject({ speaker: 'cora', claimedBy: 'ben', approval: null });
    expect(await atStart(change, 'eoc-verbal')).toBe('deny');
    const { notices } = (await world.server.ask('GET', '/api/v1/notices', { token: world.cora.token })).body;
    expect(notices[0]).toMatchObject({
      kind: 'verbal-claimed',
      about: `change/${change.id}`,
      body: expect.stringContaining('ben says that you approved'),
    });
    for (const who of [world.ben, world.ana, world.rhea])
      await refused('not_permitted', () => confirm(change, who, word.id));
    expectStatus(await confirm(change, world.cora, word.id), 200);
    expect(await atStart(change, 'eoc-verbal')).toBe('pass');
    expect((await change.show(world.ana)).approvals).toMatchObject([{ person: 'cora', via: 'voice' }]);
    await refused('conflict', () => confirm(change, world.cora, word.id));
    const read = await world.server.ask('GET', `/api/v1/changes/${change.id}/verbal`, {
      token: world.ana.token,
    });
    expect(read.body.words).toMatchObject([{ id: word.id, confirmedAt: expect.any(String) }]);
  });

  it('is reported by the change’s own people, of another', async () => {
    const change = await world.open();
    await refused('not_permitted', () => claim(change, world.rhea));
    await laid(['ben', -3_600, 3_600]);
    await refused('not_permitted', () => claim(change, world.ben));
    await laid(['cora', 3_600, 7_200]);
    await refused('conflict', () => claim(change, world.ben));
    await laid(['cora', -3_600, 86_400]);
  });

  it('is not confirmed after the shift, nor by whoever took over', async () => {
    const change = await world.open();
    const word = expectStatus(await claim(change, world.ben), 201).body;
    await laid(['cora', -3_600, -1], ['rolf', -1, 3_600]);
    await refused('not_permitted', () => confirm(change, world.cora, word.id));
    await refused('not_permitted', () => confirm(change, world.rolf, word.id));
    await laid(['cora', -3_600, 86_400]);
  });

  it('is of the plan and the slot that were spoken of', async () => {
    const change = await world.open();
    const ofPlan = expectStatus(await claim(change, world.ben), 201).body;
    expectStatus(await change.edit(world.ana, { set: { impact: 'Another.' } }), 200);
    await refused('stale', () => confirm(change, world.cora, ofPlan.id));
    const ofSlot = expectStatus(await claim(change, world.ben), 201).body;
    const slot = slotIn(3_600_000);
    expectStatus(await change.say(world.ana, '/schedule', { slot, tentative: true }), 200);
    await refused('stale', () => confirm(change, world.cora, ofSlot.id));
  });

  it('is not confirmed behind the back of its speaker, in the database either', async () => {
    const change = await world.open();
    const word = expectStatus(await claim(change, world.ben), 201).body;
    const byAnother = expectStatus(await change.approve(world.rhea, 'reviewer'), 201).body;
    const byHand = `update verbal_words set approval = ${byAnother.id}, confirmed_at = now() where id = ${word.id}`;
    await expect(world.asOwner(byHand)).rejects.toMatchObject({ code: 'IL005' });
    await expect(world.asOwner(`delete from verbal_words where id = ${word.id}`)).rejects.toMatchObject({
      code: 'IL005',
    });
  });
});

it('announces no start of a C1 that has no accepted slot', async () => {
  const change = await world.open({ set: { criticality: 'C1' } });
  await refused('conflict', () => change.say(world.ben, '/announce'));
  const slot = slotIn(3_600_000);
  expectStatus(await change.say(world.ana, '/schedule', { slot, tentative: true }), 200);
  await refused('conflict', () => change.say(world.ben, '/announce'));
});
