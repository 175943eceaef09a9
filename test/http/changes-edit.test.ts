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
let lock: string;
beforeAll(async () => {
  world = await startChangeWorld((text) =>
    text.replace(
      'in-slot: { exception: true }',
      'in-slot: { exception: true }\n  no-globs: { exception: true }',
    ),
  );
  const environments = [...world.server.context.policy.policy.environments.keys()].slice(-1);
  const made = await world.server.ask('POST', '/api/v1/locks/emergency', {
    token: world.cora.token,
    body: { kind: 'soft', environments, category: 'other', reason: 'to be exempted from', timeToLive: '1 h' },
  });
  lock = expectStatus(made, 201).body.id;
});
afterAll(() => world.server.stop());

/**
 * The words of a change, by a letter: R reviewer, M management, E the EOC of the slot, for the plan; S the EOC for the start;
 * L the VPE for a lock; I an exception to in-slot, X one to no-globs.
 */
const ALL = 'RMESLIX';

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
  ['the criticality, higher', { set: { criticality: 'C1' } }, 'classification', ALL],
  ['the severity, worse', { set: { severity: 'S2' } }, 'classification', ALL],
  ['the kind', { set: { kind: 'maintenance' } }, 'classification', ALL],
  ['a service more', { set: { services: ['postgres', 'web'] } }, 'classification', ALL],
  ['a topic more', { set: { topics: ['tooling-minor', 'console-script'] } }, 'classification', ALL],
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
    ALL,
  ],
  [
    'two things at once',
    { set: { 'communication.0.end': 'Done.', 'watch.0.rollBackWhen.above': 0.5 } },
    'watch, communication',
    'RMESL',
  ],
];

interface Words {
  readonly approvals: readonly { readonly current: boolean; readonly as: string; readonly for: string }[];
  readonly exceptions: readonly { readonly current: boolean; readonly rule: string }[];
}

const EXCEPTIONS: Readonly<Record<string, string>> = { 'in-slot': 'I', 'no-globs': 'X' };

/** The letters of the words that count, in the order in which they were given. */
function counting({ approvals, exceptions }: Words): string {
  const letters = 'RMESL';
  return [
    ...approvals.flatMap(({ current }, index) => (current ? [letters[index]] : [])),
    ...exceptions.flatMap(({ current, rule }) => (current ? [EXCEPTIONS[rule] ?? ''] : [])),
  ].join('');
}

/** A change whose slot was accepted, with all the words. */
async function acceptedChange(): Promise<OpenedChange> {
  const change = await world.open();
  const slot = slotIn(600_000);
  expectStatus(await change.say(world.ana, '/schedule', { slot, tentative: true }), 200);
  expectStatus(await change.approve(world.rhea, 'reviewer'), 201);
  expectStatus(await change.approve(world.mona, 'management'), 201);
  expectStatus(await change.approve(world.cora, 'eoc'), 201);
  expectStatus(await change.approve(world.cora, 'eoc', { for: 'start' }), 201);
  expectStatus(await change.approve(world.vera, 'vpe', { for: `lock:${lock}` }), 201);
  for (const rule of ['in-slot', 'no-globs']) {
    const asked = expectStatus(
      await change.say(world.ana, '/exceptions', { rule, reason: 'It has to.' }),
      201,
    );
    const word = { exception: asked.body.id, digest: change.digest };
    expectStatus(await change.say(world.rhea, '/exceptions/approve', word), 200);
  }
  expectStatus(await change.say(world.ana, '/schedule', { slot }), 200);
  return change;
}

describe('an edit of', () => {
  it.each(EDITS)('%s', async (_what, edit, touches, voids) => {
    const change = await acceptedChange();
    const kept = touches === '';
    const before = (await world.recorded(0)).length;
    const { body } = expectStatus(await change.edit(world.ben, edit), 200);
    expect(body.digest === change.digest).toBe(kept);
    const standing = [...ALL].filter((letter) => !voids.includes(letter)).join('');
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

describe('a word', () => {
  it('counts in the verdict where it was carried, and not where it was voided', async () => {
    const change = await acceptedChange();
    const verdictOn = async (rule: string) => {
      const { verdict } = await change.show(world.ana);
      return verdict.decision.verdicts.find((one: { rule: string }) => one.rule === rule)?.verdict;
    };
    expectStatus(await change.edit(world.ben, { set: { 'communication.0.end': 'Done.' } }), 200);
    expect(await verdictOn('first-iteration-review')).toBe('pass');
    expect(await verdictOn('eoc-plan-review')).toBe('pass');
    expectStatus(
      await change.edit(world.ben, { set: { executor: 'ana', 'communication.0.end': 'Done.' } }),
      200,
    );
    expect(await verdictOn('first-iteration-review')).toBe('pass');
    expect(await verdictOn('eoc-plan-review')).toBe('deny');
    const { approvals } = await change.show(world.ana);
    expect(approvals[0]).toMatchObject({ current: true, carried: { revision: 3 }, voided: null });
    expect(approvals[2]).toMatchObject({
      current: false,
      carried: { revision: 2 },
      voided: { revision: 3, parts: ['people'], by: 'ben' },
    });
  });

  it('that was voided stays so when the plan goes back to what was approved', async () => {
    const change = await acceptedChange();
    expectStatus(await change.edit(world.ana, { set: { impact: 'Another.' } }), 200);
    const { body } = expectStatus(await change.edit(world.ana, {}), 200);
    expect(body).toMatchObject({ digest: change.digest, revision: 3, state: 'unscheduled' });
    expect(counting(body)).toBe('IX');
    expectStatus(await change.approve(world.rhea, 'reviewer'), 201);
    const again = (await change.show(world.ana)).approvals.at(-1);
    expect(again).toMatchObject({ person: 'rhea', current: true });
  });

  it('is told what differs, by whom, once, to whoever gave it', async () => {
    const change = await acceptedChange();
    const told = async (who: { token: string }) =>
      (await world.server.ask('GET', '/api/v1/notices?limit=5', { token: who.token })).body.notices.filter(
        (one: { kind: string; about: string }) =>
          one.kind === 'word-voided' && one.about === `change/${change.id}`,
      );
    expectStatus(await change.edit(world.ben, { set: { 'steps.0.command.4': '9MB' } }), 200);
    const [notice, ...more] = await told(world.rhea);
    expect(more.map(({ body }: { body: string }) => body.split('\n')[0])).toEqual([
      `Your approval of plan as reviewer of ${change.id} does not count any more: ben changed steps.`,
    ]);
    expect(notice.body).toBe(
      `Your exception to no-globs of ${change.id} does not count any more: ben changed steps.\nsteps.0.command.4: "8MB" → "9MB"`,
    );
    expect(await told(world.mona)).toEqual([]);
    const { approvals } = await change.show(world.ana);
    const path = `/approvals/${approvals[0].id}/difference`;
    const answer = await world.server.ask('GET', `/api/v1/changes/${change.id}${path}`, {
      token: world.ana.token,
    });
    expect(answer.body).toEqual({
      since: change.digest,
      now: approvals && (await change.show(world.ana)).digest,
      parts: ['steps'],
      differences: [{ path: 'steps.0.command.4', before: '"8MB"', after: '"9MB"' }],
    });
  });

  it('of whoever makes the edit does not outlive it', async () => {
    const change = await world.open({ set: { team: ['ana', 'ben', 'rhea'] } });
    for (const who of [world.rhea, world.rolf]) expectStatus(await change.approve(who, 'reviewer'), 201);
    const edit = { set: { team: ['ana', 'ben', 'rhea'], 'communication.0.end': 'Done.' } };
    const { body } = expectStatus(await change.edit(world.rhea, edit), 200);
    expect(body.approvals.map(({ current }: { current: boolean }) => current)).toEqual([false, true]);
  });

  it('for the slot does not come along to another one, nor back', async () => {
    const change = await acceptedChange();
    const [one, other] = [slotIn(600_000), slotIn(1_800_000)];
    expectStatus(await change.say(world.ana, '/schedule', { slot: other, tentative: true }), 200);
    expect(counting(await change.show(world.ana))).toBe('RMX');
    expectStatus(await change.say(world.ana, '/schedule', { slot: one, tentative: true }), 200);
    expect(counting(await change.show(world.ana))).toBe('RMX');
  });

  it('for one slot does not let another be accepted', async () => {
    const change = await acceptedChange();
    const answer = await change.say(world.ana, '/schedule', { slot: slotIn(1_800_000) });
    expect(answer).toMatchObject({ status: 409, body: { message: 'refused by eoc-plan-review' } });
  });

  it('is carried by nobody but an edit: a row without its entry is refused', async () => {
    const change = await acceptedChange();
    const { approvals } = await change.show(world.ana);
    const other = `sha256:${'0'.repeat(64)}`;
    const [last] = (await world.recorded(0)).slice(-1);
    const row = (index: string) =>
      world.asOwner(`insert into word_fates (change_id, approval, fate, revision, from_digest, to_digest, parts, by, ledger_index)
        values ('${change.id}', ${approvals[0].id}, 'carried', 2, '${change.digest}', '${other}', '{steps}', 'ben', ${index})`);
    await expect(row('null')).rejects.toThrow();
    expect(last).toBeDefined();
    await expect(row('(select max(index) from ledger_entries)')).rejects.toThrow('by the entry that says so');
    await expect(world.asOwner('delete from word_fates')).rejects.toThrow('keeps what was said');
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
