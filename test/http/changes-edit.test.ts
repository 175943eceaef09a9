import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  expectStatus,
  sentPlan,
  slotIn,
  startChangeWorld,
  type ChangeWorld,
  type OpenedChange,
} from '../kit/changes.ts';
import type { Edit } from '../plan/sound-plan.ts';

let world: ChangeWorld;
beforeAll(async () => {
  world = await startChangeWorld();
});
afterAll(() => world.server.stop());

/** An edit, and the parts of the meaning that it touches; none: every word stands. */
const EDITS: readonly (readonly [what: string, edit: Edit, touches: string])[] = [
  ['the title', { set: { title: 'Raise work_mem' } }, 'nothing material'],
  ['the description', { set: { description: 'For the shop.' } }, 'nothing material'],
  ['who is asked to review', { set: { reviewers: ['rolf'] } }, 'nothing material'],
  ['the proposed slot', { remove: ['slot'] }, 'nothing material'],
  ['the unit of a duration', { set: { 'estimate.steps': '1200 s' } }, 'nothing material'],
  ['the order of the team', { set: { team: ['ben', 'ana'] } }, 'nothing material'],
  ['the impact', { set: { impact: 'Every connection is closed.' } }, 'purpose'],
  ['the criticality, lower (12)', { set: { criticality: 'C4', topics: [] } }, 'classification'],
  ['the severity', { set: { severity: 'S4' } }, 'classification'],
  ['a service more', { set: { services: ['postgres', 'web'] } }, 'classification'],
  ['the executor', { set: { executor: 'ana' } }, 'people'],
  ['an estimate', { set: { 'estimate.rollback': '12 min' } }, 'estimate'],
  ['what a target is', { set: { 'targets.0.type': 'vm' } }, 'targets'],
  ['an assumption', { set: { 'assumptions.1.exception': 'Nobody can see it.' } }, 'assumptions'],
  ['what a check expects', { set: { 'preflight.0.expect.equals': '6MB' } }, 'checks'],
  ['an argument of a command', { set: { 'steps.0.command.4': '9MB' } }, 'steps'],
  ['a step of the rollback', { set: { 'rollback.steps.0.timeout': '20 min' } }, 'rollback'],
  ['what means roll back', { set: { 'watch.0.rollBackWhen.above': 0.5 } }, 'watch'],
  ['what an audience is told', { set: { 'communication.0.end': 'Done.' } }, 'communication'],
  [
    'an exception that is asked for',
    { set: { exceptions: [{ rule: 'in-slot', reason: 'It may take longer.' }] } },
    'exceptions',
  ],
];

async function acceptedChange(): Promise<OpenedChange> {
  const change = await world.open();
  const slot = slotIn(600_000);
  expectStatus(await change.say(world.ana, '/schedule', { slot, tentative: true }), 200);
  expectStatus(await change.approve(world.rhea, 'reviewer'), 201);
  expectStatus(await change.approve(world.cora, 'eoc'), 201);
  expectStatus(await change.say(world.ana, '/schedule', { slot }), 200);
  return change;
}

describe('an edit of', () => {
  it.each(EDITS)('%s', async (_what, edit, touches) => {
    const change = await acceptedChange();
    const kept = touches === 'nothing material';
    const before = (await world.recorded(0)).length;
    const { body } = expectStatus(await change.edit(world.ben, edit), 200);
    expect(body.digest === change.digest).toBe(kept);
    expect(body.approvals.map(({ current }: { current: boolean }) => current)).toEqual([kept, kept]);
    expect(body).toMatchObject({
      revision: 2,
      author: 'ana',
      // The verdict accepted the slot for the plan as it was.
      state: kept ? 'scheduled' : 'unscheduled',
      onCalendar: kept,
      slot: { accepted: kept },
    });
    expect(await world.recorded(before)).toMatchObject([
      {
        type: 'change.edited',
        outcome: 'allow',
        reason: `edited: ${touches}`,
        before: change.digest,
        after: body.digest,
      },
    ]);
  });
});

describe('an edit', () => {
  it('that lowers C1 to C4 after the approval has to be approved and scheduled anew (8, 12)', async () => {
    const change = await acceptedChange();
    expectStatus(await change.edit(world.ana, { set: { criticality: 'C4' } }), 200);
    const answer = await change.say(world.ana, '/schedule', { slot: slotIn(600_000) });
    expect(answer).toMatchObject({ status: 409, body: { code: 'refused' } });
    const denied = answer.body.decision.verdicts.filter(
      ({ verdict }: { verdict: string }) => verdict === 'deny',
    );
    // Its topic still asks for C2.
    expect(denied.map(({ rule }: { rule: string }) => rule)).toContain('criticality-floor');
  });

  it('of a C4 that was scheduled without a date is asked again too', async () => {
    const change = await world.open({ set: { criticality: 'C4', topics: [] } });
    expectStatus(await change.say(world.ana, '/schedule', { slot: null }), 200);
    const { body } = expectStatus(
      await change.edit(world.ana, { set: { criticality: 'C1', topics: [] } }),
      200,
    );
    expect(body).toMatchObject({ state: 'unscheduled', criticality: 'C1' });
  });

  it('back to what was approved finds the old words again', async () => {
    const change = await acceptedChange();
    expectStatus(await change.edit(world.ana, { set: { impact: 'Another.' } }), 200);
    const { body } = expectStatus(await change.edit(world.ana, {}), 200);
    expect(body).toMatchObject({ digest: change.digest, revision: 3, state: 'unscheduled' });
    expect(body.approvals.map(({ current }: { current: boolean }) => current)).toEqual([true, true]);
  });

  it('of a version that is no longer the newest is refused; of two at once one is', async () => {
    const change = await world.open();
    const answers = await Promise.all([
      change.edit(world.ana, { set: { impact: 'One.' } }, 1),
      change.edit(world.ben, { set: { impact: 'Two.' } }, 1),
    ]);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 412]));
    expect(await change.show(world.ana)).toMatchObject({ revision: 2 });
  });

  it('is for its own people, and cannot say whose it is (11)', async () => {
    const change = await world.open();
    expect(await change.edit(world.rhea, {})).toMatchObject({ status: 409, body: { code: 'not_permitted' } });
    for (const more of [{ state: 'scheduled' }, { author: 'ben' }, { slotAccepted: true }]) {
      const body = { ...sentPlan(), version: 1, ...more };
      const path = `/api/v1/changes/${change.id}`;
      expect((await world.server.ask('PUT', path, { token: world.ana.token, body })).status).toBe(400);
    }
    expect(await change.show(world.ana)).toMatchObject({ revision: 1, author: 'ana', state: 'unscheduled' });
  });

  it('voids an exception that was approved for the plan before', async () => {
    const change = await world.open();
    const asked = { rule: 'criticality-floor', reason: 'It is smaller than its topic says.' };
    const { id } = expectStatus(await change.say(world.ana, '/exceptions', asked), 201).body;
    const word = { exception: id, digest: change.digest };
    expectStatus(await change.say(world.rhea, '/exceptions/approve', word), 200);
    const { body } = expectStatus(await change.edit(world.ana, { set: { criticality: 'C4' } }), 200);
    expect(body.exceptions).toMatchObject([{ approvedBy: 'rhea', current: false }]);
    const again = await change.say(world.rolf, '/exceptions/approve', { exception: id, digest: body.digest });
    expect(again).toMatchObject({ status: 412, body: { code: 'stale' } });
  });
});
