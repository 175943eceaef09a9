import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { expectStatus, sentPlan } from '../kit/changes.ts';
import { acceptedChange, ALL_WORDS, counting, startWordWorld, type WordWorld } from '../kit/words.ts';
import type { Edit } from '../plan/sound-plan.ts';

let world: WordWorld;
beforeAll(async () => {
  world = await startWordWorld();
});
afterAll(() => world.server.stop());

/** An edit, the parts of the meaning that it touches, and the words that it voids. */
const EDITS: readonly (readonly [what: string, edit: Edit, touches: string, voids: string])[] = [
  ['the title', { set: { title: 'Raise work_mem' } }, '', ''],
  ['the description', { set: { description: 'For the shop.' } }, '', ''],
  ['who is asked to review', { set: { reviewers: ['rolf'] } }, '', ''],
  ['the proposed slot', { remove: ['slot'] }, '', ''],
  ['the unit of a duration', { set: { 'estimate.steps': '1200 s' } }, '', ''],
  ['the order of the team', { set: { team: ['ben', 'ana'] } }, '', ''],
  ['the quotes of a value', { set: { 'preflight.0.expect': { equals: '4MB' } } }, '', ''],
  ['what the file says of its author', { set: { author: 'rolf' } }, '', ''],
  ['the objective', { set: { objective: 'Faster lists.' } }, 'purpose', 'RMESL'],
  ['the reason', { set: { reason: 'It is slow.' } }, 'purpose', 'RMESL'],
  ['the impact', { set: { impact: 'Every connection is closed.' } }, 'purpose', 'RMESL'],
  ['where it was tested', { set: { testedBefore: 'Nowhere, on nothing.' } }, 'purpose', 'RMESL'],
  ['the criticality, higher', { set: { criticality: 'C1' } }, 'classification', ALL_WORDS],
  ['the severity, worse', { set: { severity: 'S2' } }, 'classification', ALL_WORDS],
  ['the kind', { set: { kind: 'maintenance' } }, 'classification', ALL_WORDS],
  ['a service more', { set: { services: ['postgres', 'web'] } }, 'classification', ALL_WORDS],
  ['a topic more', { set: { topics: ['tooling-minor', 'console-script'] } }, 'classification', ALL_WORDS],
  ['the executor', { set: { executor: 'ana' } }, 'people', 'MESL'],
  ['the team', { set: { team: ['ana', 'ben', 'rolf'] } }, 'people', 'MESL'],
  ['the estimate of the steps', { set: { 'estimate.steps': '25 min' } }, 'estimate', 'RMESLI'],
  ['the estimate of the rollback', { set: { 'estimate.rollback': '12 min' } }, 'estimate', 'RMESLI'],
  ['what a target is', { set: { 'targets.0.type': 'vm' } }, 'targets', 'RMESLX'],
  [
    'the order of the targets',
    { set: { 'targets.0.name': 'db-02', 'targets.1.name': 'db-01' } },
    'targets',
    'RMESLX',
  ],
  ['an assumption', { set: { 'assumptions.1.exception': 'Nobody can see it.' } }, 'assumptions', 'RESL'],
  ['what a check before expects', { set: { 'preflight.0.expect.equals': '6MB' } }, 'checks', 'RESL'],
  ['what a check after expects', { set: { 'postchecks.1.expect.atMost': 0.005 } }, 'checks', 'RESL'],
  ['an argument of a command', { set: { 'steps.0.command.4': '9MB' } }, 'steps', 'RESLX'],
  ['the longest time of a step', { set: { 'steps.0.timeout': '11 min' } }, 'steps', 'RESLX'],
  ['the name of a step', { set: { 'steps.1.name': 'wait' } }, 'steps', 'RESLX'],
  ['a step of the rollback', { set: { 'rollback.steps.0.timeout': '20 min' } }, 'rollback', 'RMESLX'],
  ['what means roll back', { set: { 'watch.0.rollBackWhen.above': 0.5 } }, 'watch', 'RESL'],
  ['what an audience is told', { set: { 'communication.0.end': 'Done.' } }, 'communication', 'MSL'],
  [
    'an exception that is asked for',
    { set: { exceptions: [{ rule: 'in-multiplexer', reason: 'There is no tmux.' }] } },
    'exceptions',
    ALL_WORDS,
  ],
  [
    'two things at once',
    { set: { 'communication.0.end': 'Done.', 'watch.0.rollBackWhen.above': 0.5 } },
    'watch, communication',
    'RMESL',
  ],
];

describe('an edit of', () => {
  it.each(EDITS)('%s', async (_what, edit, touches, voids) => {
    const change = await acceptedChange(world);
    const kept = touches === '';
    const before = (await world.recorded(0)).length;
    const { body } = expectStatus(await change.edit(world.ben, edit), 200);
    expect(body.digest === change.digest).toBe(kept);
    const standing = ALL_WORDS.replaceAll(new RegExp(`[${voids}-]`, 'g'), '');
    expect(counting(body)).toBe(standing);
    expect(body).toMatchObject({
      revision: 2,
      author: 'ana',
      // The verdict accepted the slot for the plan as it was.
      state: kept ? 'scheduled' : 'unscheduled',
      onCalendar: kept,
      slot: { accepted: kept },
    });
    const [entry, ...carried] = (await world.recorded(before)).toReversed();
    expect(entry).toMatchObject({
      type: 'change.edited',
      outcome: 'allow',
      reason: `edited: ${touches || 'nothing material'}`,
      before: change.digest,
      after: body.digest,
    });
    // What an edit leaves standing is carried by an entry of its own.
    expect(carried).toHaveLength(kept ? 0 : standing.length);
    for (const one of carried)
      expect(one).toMatchObject({ type: 'change.word-carried', before: change.digest, after: body.digest });
  });
});

describe('an edit', () => {
  it('that lowers C2 to C4 after the approval is refused, and nothing changes (12)', async () => {
    const change = await acceptedChange(world);
    const answer = await change.edit(world.ana, { set: { criticality: 'C4' } });
    expect(answer).toMatchObject({ status: 409, body: { code: 'not_permitted' } });
    const shown = await change.show(world.ana);
    expect(shown).toMatchObject({ revision: 1, criticality: 'C2', state: 'scheduled' });
    expect(counting(shown)).toBe(ALL_WORDS);
  });

  it('of comments and of the order of the keys voids nothing', async () => {
    const change = await acceptedChange(world);
    const sent = sentPlan();
    const keys = Object.entries(parse(sent.plan) as object).toReversed();
    const plan = `# Read this first.\n${stringify(Object.fromEntries(keys))}# And this last.\n`;
    const path = `/api/v1/changes/${change.id}`;
    const { version } = await change.show(world.ben);
    const answer = await world.server.ask('PUT', path, {
      token: world.ben.token,
      body: { ...sent, plan, version },
    });
    const { body } = expectStatus(answer, 200);
    expect(body).toMatchObject({ revision: 2, digest: change.digest, state: 'scheduled' });
    expect(counting(body)).toBe(ALL_WORDS);
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
