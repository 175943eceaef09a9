import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectStatus, sentPlan, slotIn, startChangeWorld, type ChangeWorld } from '../kit/changes.ts';
import { typed } from '../kit/command-line.ts';
import type { Edit } from '../plan/sound-plan.ts';

let world: ChangeWorld;
beforeAll(async () => {
  world = await startChangeWorld();
});
afterAll(() => world.server.stop());

const filed = async (edit: Edit = {}) => {
  const body = sentPlan(edit);
  return expectStatus(
    await world.server.ask('POST', '/api/v1/changes', { token: world.ana.token, body }),
    201,
  ).body;
};
const rulesOf = (needs: { rule: string; sort: string; met: boolean }[], sort: string, met = false) =>
  needs.filter((need) => need.sort === sort && need.met === met).map(({ rule }) => rule);

describe('what a request is told when it is filed', () => {
  it('names the least criticality and each topic that makes it', async () => {
    const { topics } = world.server.context.policy.policy;
    expect([topics.get('tooling-minor'), topics.get('iac-increase')]).toEqual(['C2', 'C3']);
    const { floor } = await filed({ set: { topics: ['iac-increase', 'tooling-minor'] } });
    expect(floor).toEqual({ criticality: 'C2', madeBy: ['tooling-minor'], unlisted: [] });
    const down = await filed({ set: { downtime: '5 min', topics: ['tooling-minor', 'of-our-own'] } });
    expect(down.floor).toEqual({ criticality: 'C1', madeBy: ['downtime'], unlisted: ['of-our-own'] });
    expect((await filed({ set: { topics: [] } })).floor).toMatchObject({ criticality: 'C4', madeBy: [] });
  });

  it('says what it counts as, and asks for what that needs', async () => {
    const service = await filed();
    expect(service.effectiveKind).toEqual({ kind: 'service', because: 'it is a service change' });
    expect(rulesOf(service.needs, 'approval')).toEqual([
      'first-iteration-review',
      'eoc-plan-review',
      'eoc-written-issue',
      'eoc-written-chat',
    ]);
    expect(rulesOf(service.needs, 'slot')).toEqual(['due-date', 'on-calendar']);
    const severe = await filed({ set: { severity: 'S2' } });
    expect(severe.effectiveKind).toEqual({
      kind: 'maintenance',
      because: 'its severity is S2 and no procedure of it has graduated',
    });
    expect(rulesOf(severe.needs, 'approval')).toContain('director-approval');
    expect(rulesOf(severe.needs, 'role')).toContain('emoc-assigned');
    const quorum = severe.needs.find(({ rule }: { rule: string }) => rule === 'review-quorum');
    expect(quorum).toMatchObject({
      at: 'schedule',
      what: expect.stringContaining('3 different persons') as string,
    });
  });
});

describe('what a request is shown to need', () => {
  it('gets less as people bring it, and nothing once it is over', async () => {
    const change = await world.open();
    expectStatus(await change.approve(world.rhea, 'reviewer'), 201);
    const slot = slotIn(600_000);
    expectStatus(await change.say(world.ana, '/schedule', { slot, tentative: true }), 200);
    const { needs } = await change.show(world.ana);
    expect(rulesOf(needs, 'approval', true)).toEqual(['first-iteration-review']);
    expect(rulesOf(needs, 'slot', true)).toEqual(['due-date', 'allowed-hours']);
    expect(rulesOf(needs, 'slot')).toEqual(['on-calendar']);
    expectStatus(await change.say(world.ana, '/cancel', { reason: 'not needed' }), 200);
    expect(await change.show(world.ana)).toMatchObject({ needs: [], floor: { criticality: 'C2' } });
  });

  it('is printed with the floor and the kind', async () => {
    const { id } = await world.open({ set: { severity: 'S2' } });
    const environment = { INTERLOCK_URL: world.server.url, INTERLOCK_TOKEN: world.ana.token };
    const { stdout } = await typed(['change', 'show', id], { environment });
    expect(stdout).toContain('  criticality C2, at least C2: asked for by tooling-minor\n');
    expect(stdout).toContain(
      '  declared service, counts as maintenance: its severity is S2 and no procedure',
    );
    expect(stdout).toMatch(
      /What it still needs:\n[^]*approval +by schedule +review-quorum +The plan is approved by 3/,
    );
  });
});
