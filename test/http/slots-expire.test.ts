import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expireSlots } from '../../src/app/change/expire-slots.ts';
import {
  expectStatus,
  slotIn,
  startChangeWorld,
  type ChangeWorld,
  type OpenedChange,
} from '../kit/changes.ts';
import type { TestAccount } from '../kit/server.ts';

const HOUR_MS = 3_600_000;

let world: ChangeWorld;
beforeAll(async () => {
  world = await startChangeWorld();
});
afterAll(() => world.server.stop());

/** Each on its own service, so that only those that are meant to meet do. */
let services = 0;
const openOn = () => world.open({ set: { services: [`service-${(services += 1)}`] } });
async function reviewedOn(): Promise<OpenedChange> {
  const change = await openOn();
  expectStatus(await change.approve(world.rhea, 'reviewer'), 201);
  return change;
}
const pencil = async (change: OpenedChange, slot = slotIn(2 * HOUR_MS)) =>
  expectStatus(await change.say(world.ana, '/schedule', { slot, tentative: true }), 200).body;
/** The engineer on call reviews a plan for the very slot that is then accepted. */
async function accept(change: OpenedChange) {
  const slot = slotIn(2 * HOUR_MS);
  await pencil(change, slot);
  expectStatus(await change.approve(world.cora, 'eoc'), 201);
  return change.say(world.ana, '/schedule', { slot });
}
const expire = () => expireSlots(world.server.context);
const told = async (who: TestAccount, id: string) =>
  (await world.server.ask('GET', '/api/v1/notices?limit=200', { token: who.token })).body.notices.filter(
    (one: { kind: string; about: string }) => one.kind === 'slot-expired' && one.about === `change/${id}`,
  );
const age = (id: string, hours: number) =>
  world.asOwner(`update changes set slot_set_at = slot_set_at - interval '${hours} h' where id = '${id}'`);
const move = (id: string, hours: number) =>
  world.asOwner(
    `update changes set slot = tstzrange(lower(slot) - interval '${hours} h', upper(slot) - interval '${hours} h') where id = '${id}'`,
  );

describe('a tentative slot', () => {
  it('is given up after its time, recorded and told, each time it happens', async () => {
    const change = await openOn();
    await pencil(change);
    await age(change.id, 71);
    expect(await expire()).toBe(0);
    await age(change.id, 1);
    expect(await expire()).toBe(1);
    expect(await change.show(world.ana)).toMatchObject({ state: 'unscheduled', slot: null });
    expect(await told(world.ana, change.id)).toHaveLength(1);
    expect(await told(world.ben, change.id)).toHaveLength(1);
    const entry = (await world.server.ledger()).at(-1);
    expect(entry).toMatchObject({ type: 'change.slot-expired', object: `change/${change.id}` });
    await pencil(change);
    await age(change.id, 72);
    await expire();
    expect(await told(world.ana, change.id)).toHaveLength(2);
  });

  it('that is pencilled in again lives as long again, and one whose start passed ends at once', async () => {
    const [renewed, passed] = [await openOn(), await openOn()];
    for (const change of [renewed, passed]) await pencil(change);
    await age(renewed.id, 72);
    await pencil(renewed);
    await move(passed.id, 2);
    expect(await expire()).toBe(1);
    expect((await renewed.show(world.ana)).slot).not.toBeNull();
    expect((await passed.show(world.ana)).slot).toBeNull();
  });
});

describe('an accepted slot', () => {
  it('that passed without a start is given up, and not before its end', async () => {
    const change = await reviewedOn();
    expectStatus(await accept(change), 200);
    await move(change.id, 2.5);
    expect(await expire()).toBe(0);
    await move(change.id, 0.5);
    expect(await expire()).toBe(1);
    expect(await change.show(world.ana)).toMatchObject({
      state: 'unscheduled',
      slot: null,
      onCalendar: false,
    });
    expect((await told(world.ana, change.id))[0].body).toContain('did not start');
  });

  it('of a change that runs stays, whatever the time', async () => {
    const change = await reviewedOn();
    expectStatus(await accept(change), 200);
    await world.asOwner(`update changes set state = 'in-progress' where id = '${change.id}'`);
    await move(change.id, 3);
    expect(await expire()).toBe(0);
    expect((await change.show(world.ana)).state).toBe('in-progress');
    await world.asOwner(`update changes set state = 'aborted' where id = '${change.id}'`);
  });
});
