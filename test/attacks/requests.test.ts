import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sentPlan, startChangeWorld, type ChangeWorld, type OpenedChange } from '../kit/changes.ts';
import type { Edit } from '../plan/sound-plan.ts';

let world: ChangeWorld;
beforeAll(async () => {
  world = await startChangeWorld();
});
afterAll(() => world.server.stop());

const HIGH: Edit = { set: { criticality: 'C1', severity: 'S1' } };

/** Asks for an exception to the floor and has it approved. */
async function excepted(change: OpenedChange): Promise<void> {
  const sent = { rule: 'criticality-floor', reason: 'It was raised by mistake.' };
  const { body } = await change.say(world.ana, '/exceptions', sent);
  const { digest } = await change.show(world.rhea);
  const given = await change.say(world.rhea, '/exceptions/approve', { exception: body.id, digest });
  expect(given.status).toBeLessThan(300);
}

describe('attacks on a request (TRUST 5)', () => {
  it('8: approve, edit, start: the word is of the former plan', async () => {
    const change = await world.open();
    expect((await change.approve(world.rhea, 'reviewer')).status).toBe(201);
    expect((await change.edit(world.ana, { set: { impact: 'Another one.' } })).status).toBe(200);
    const { approvals } = await change.show(world.ana);
    expect(approvals).toMatchObject([{ person: 'rhea', current: false }]);
    expect(await change.say(world.ben, '/runs', {})).not.toMatchObject({ status: 201 });
    expect((await change.show(world.ana)).state).toBe('unscheduled');
  });

  it('9: an approval of the plan before the one that is saved is refused and recorded', async () => {
    const change = await world.open();
    const from = (await world.server.ledger()).length;
    expect((await change.edit(world.ana, { set: { impact: 'Another one.' } })).status).toBe(200);
    expect(await change.approve(world.rhea, 'reviewer')).toMatchObject({ body: { code: 'stale' } });
    expect((await change.show(world.ana)).approvals).toEqual([]);
    expect((await world.recorded(from)).at(-1)).toMatchObject({ type: 'change.approved', outcome: 'deny' });
  });

  it.each([
    { status: 'scheduled' },
    { state: 'complete' },
    { criticality: 'C4' },
    { approvals: [{ person: 'rhea', as: 'reviewer' }] },
    { emergency: true },
    { author: 'rhea' },
    { plan: ['a list'] },
    { scripts: [] },
    { draft: ['true'] },
  ])('11, 13: %j beside a plan, or in its place, files nothing', async (more) => {
    const before = await world.rows('changes');
    const body = { ...sentPlan(), ...more };
    const answer = await world.server.ask('POST', '/api/v1/changes', { token: world.ana.token, body });
    expect(answer).toMatchObject({ body: { code: 'invalid' } });
    expect(await world.rows('changes')).toBe(before);
  });

  it.each([
    ['criticality', { set: { criticality: 'C4', severity: 'S1', topics: [] } }],
    ['severity', { set: { criticality: 'C1', severity: 'S4' } }],
  ])('12: %s lowered after an approval is refused, recorded, and changes nothing', async (_, lower) => {
    const change = await world.open(HIGH);
    expect((await change.approve(world.rhea, 'reviewer')).status).toBe(201);
    const before = await change.show(world.ana);
    const from = (await world.server.ledger()).length;
    expect(await change.edit(world.ana, lower)).toMatchObject({
      status: 409,
      body: { code: 'not_permitted' },
    });
    const { verdict: _before, ...stood } = before;
    expect(await change.show(world.ana)).toMatchObject(stood);
    expect((await world.recorded(from)).at(-1)).toMatchObject({ type: 'change.edited', outcome: 'deny' });
  });

  it('12: an exception that nobody approved, or of a former plan, lowers nothing; an approved one does', async () => {
    const change = await world.open(HIGH);
    const lower = { set: { criticality: 'C2', severity: 'S1' } };
    await change.say(world.ana, '/exceptions', { rule: 'criticality-floor', reason: 'Not read by anybody.' });
    expect((await change.edit(world.ana, lower)).status).toBe(409);
    await excepted(change);
    expect((await change.edit(world.ana, { set: { ...HIGH.set, impact: 'Another one.' } })).status).toBe(200);
    expect((await change.edit(world.ana, lower)).status).toBe(409);
    await excepted(change);
    expect((await change.edit(world.ana, lower)).status).toBe(200);
  });
});
