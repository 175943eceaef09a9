import { afterAll, beforeAll, expect, it } from 'vitest';
import { expectStatus, slotIn, startChangeWorld, type ChangeWorld } from '../kit/changes.ts';
import { clockOf } from '../kit/clock.ts';

let world: ChangeWorld;
beforeAll(async () => {
  world = await startChangeWorld();
});
afterAll(() => world.server.stop());

type Verdicts = { readonly rule: string; readonly verdict: string }[];
const refusing = (verdicts: Verdicts) =>
  verdicts.filter(({ verdict }) => verdict === 'deny' || verdict === 'unknown').map(({ rule }) => rule);

it('takes a C2 change from its plan to a start that the interlock allows', async () => {
  const { server, ana, ben, rhea, cora, bastion } = world;
  const change = await world.open();
  expect(change).toMatchObject({ id: 'CHG-1', state: 'unscheduled' });
  const next = async () => (await change.show(ana)).verdict.decision.verdicts as Verdicts;
  expect(refusing(await next())).toEqual(['first-iteration-review', 'eoc-plan-review', 'due-date']);

  expectStatus(await change.approve(rhea, 'reviewer'), 201);
  expect(refusing(await next())).toEqual(['eoc-plan-review', 'due-date']);

  const slot = slotIn(600_000);
  const pencilled = expectStatus(await change.say(ana, '/schedule', { slot, tentative: true }), 200);
  expect(pencilled.body.change).toMatchObject({ state: 'unscheduled', slot: { accepted: false } });
  expectStatus(await change.approve(cora, 'eoc'), 201);
  expect(refusing(await next())).toEqual([]);

  const { body } = expectStatus(await change.say(ana, '/schedule', { slot }), 200);
  expect(body.decision.allowed).toBe(true);
  expect(body.change).toMatchObject({
    state: 'scheduled',
    onCalendar: true,
    slot: { ...slot, accepted: true },
  });
  expect(refusing(await next())).toEqual([
    'in-slot',
    'announced',
    'eoc-written-issue',
    'eoc-written-chat',
    'run-from-bastion',
  ]);

  expect((await change.say(ben, '/announce')).body.announcedAt).not.toBeNull();
  const approve = { as: 'eoc', for: 'start', digest: change.digest };
  const written = { body: 'Go ahead.', approve };
  expect((await change.say(cora, '/discussion', written)).body.via).toBe('issue');
  const inChat = { token: cora.token, body: { ...written, change: change.id } };
  expect((await server.ask('POST', '/api/v1/channel', inChat)).body.via).toBe('chat');
  expect(refusing(await next())).toEqual(['in-slot', 'run-from-bastion']);

  await (await clockOf(server)).set(slot.start);
  const path = `/api/v1/changes/${change.id}`;
  const fromBastion = await server.ask('GET', path, { token: ben.token, bastion });
  expect(fromBastion.body.verdict).toMatchObject({ action: 'start', decision: { allowed: true } });

  const { messages } = (await server.ask('GET', '/api/v1/channel', { token: ana.token })).body;
  expect(messages.map(({ person }: { person: string }) => person)).toEqual(['cora', 'interlock']);
  const { decisions } = (await server.ask('GET', `${path}/decisions`, { token: ana.token })).body;
  // Looking is not deciding: only the slot was decided, and its facts are kept.
  expect(decisions).toMatchObject([
    { action: 'schedule', actor: 'ana', allowed: true, facts: { actor: 'ana' } },
  ]);
  expect(
    (await world.recorded(0))
      .map(({ type }) => type)
      .filter((type) => /^(change|decision)/.test(String(type))),
  ).toEqual([
    'change.opened',
    'change.approved',
    'change.slot-proposed',
    'change.approved',
    'decision',
    'change.scheduled',
    'change.announcement-asked',
    'change.announced',
    'change.approved',
    'change.approved',
  ]);
});
