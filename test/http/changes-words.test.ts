import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectStatus, slotIn } from '../kit/changes.ts';
import type { TestAccount } from '../kit/server.ts';
import { acceptedChange, counting, startWordWorld, type WordWorld } from '../kit/words.ts';

let world: WordWorld;
beforeAll(async () => {
  world = await startWordWorld();
});
afterAll(() => world.server.stop());

describe('a word', () => {
  it('counts in the verdict where it was carried, and not where it was voided', async () => {
    const change = await acceptedChange(world);
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

  it('that lets something pass is told to those whom it concerns: an exception too, with its reason', async () => {
    const change = await acceptedChange(world);
    const { body } = await world.server.ask('GET', '/api/v1/notices?limit=5', { token: world.ira.token });
    const told = body.notices.filter(
      ({ kind, about }: { kind: string; about: string }) =>
        kind === 'waiver-given' && about === `change/${change.id}`,
    );
    expect(told.map((one: { body: string }) => one.body)).toEqual([
      ...['no-globs', 'in-slot'].map(
        (rule) =>
          `rhea approved the exception to ${rule} of ${change.id}, for the plan as it is. Reason: It has to.`,
      ),
      expect.stringContaining(`vera exempted ${change.id} from the lock ${world.lock}, as VPE, until `),
    ]);
  });

  it('that is an exception is taken back by its writer or its approver, with a reason, and its people hear of it', async () => {
    const change = await world.open();
    const asked = { rule: 'criticality-floor', reason: 'It is smaller than its topic says.' };
    const { id } = expectStatus(await change.say(world.ana, '/exceptions', asked), 201).body;
    const word = { exception: id, digest: change.digest };
    expectStatus(await change.say(world.rhea, '/exceptions/approve', word), 200);
    const because = 'It is not, after all.';
    const take = (who: TestAccount, reason = because, exception = id) =>
      change.say(who, `/exceptions/${exception}/withdraw`, { reason });
    expect(await take(world.rolf)).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect(await take(world.rhea, ' ')).toMatchObject({ status: 400, body: { code: 'invalid' } });
    const before = (await world.recorded(0)).length;
    const { body } = expectStatus(await take(world.rhea), 200);
    expect(body).toMatchObject({ current: false, approvedBy: 'rhea', withdrawn: { by: 'rhea', because } });
    expect(await world.recorded(before)).toMatchObject([
      { type: 'change.exception-withdrawn', reason: 'exception to criticality-floor withdrawn' },
    ]);
    for (const { token } of [world.ana, world.ben]) {
      const { notices } = (await world.server.ask('GET', '/api/v1/notices?limit=1', { token })).body;
      expect(notices).toMatchObject([
        { kind: 'word-withdrawn', body: expect.stringMatching(/^rhea took back .*Reason: It is not,/) },
      ]);
    }
    expect((await take(world.ana)).status).toBe(404);
    expect((await change.say(world.rolf, '/exceptions/approve', word)).body).toMatchObject({ code: 'stale' });
    // Its writer may as well, also of one that nobody approved.
    const again = expectStatus(await change.say(world.ana, '/exceptions', asked), 201).body.id;
    expect((await take(world.ana, because, again)).body).toMatchObject({ withdrawn: { by: 'ana' } });
  });

  it('that was voided stays so when the plan goes back to what was approved', async () => {
    const change = await acceptedChange(world);
    expectStatus(await change.edit(world.ana, { set: { impact: 'Another.' } }), 200);
    const { body } = expectStatus(await change.edit(world.ana, {}), 200);
    expect(body).toMatchObject({ digest: change.digest, revision: 3, state: 'unscheduled' });
    expect(counting(body)).toBe('IX');
    expectStatus(await change.approve(world.rhea, 'reviewer'), 201);
    const again = (await change.show(world.ana)).approvals.at(-1);
    expect(again).toMatchObject({ person: 'rhea', current: true });
  });

  it('is told what differs, by whom, once, to whoever gave it', async () => {
    const change = await acceptedChange(world);
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

  it('that outlived an edit is told of that one too: of everything since it was given', async () => {
    const change = await acceptedChange(world);
    expectStatus(await change.edit(world.ben, { set: { 'communication.0.end': 'Done.' } }), 200);
    expectStatus(
      await change.edit(world.ben, { set: { executor: 'ana', 'communication.0.end': 'Done.' } }),
      200,
    );
    const { body } = await world.server.ask('GET', '/api/v1/notices?limit=5', { token: world.cora.token });
    const about = (one: { kind: string; about: string; body: string }) =>
      one.kind === 'word-voided' &&
      one.about === `change/${change.id}` &&
      one.body.includes('of plan as eoc');
    expect(body.notices.find(about).body).toMatch(
      /: ben changed people\.\nexecutor: "ben" → "ana"\ncommunication\.0\.end: ".+" → "Done\."$/,
    );
  });

  it('of whoever makes the edit does not outlive it', async () => {
    const change = await world.open({ set: { team: ['ana', 'ben', 'rhea'] } });
    for (const who of [world.rhea, world.rolf]) expectStatus(await change.approve(who, 'reviewer'), 201);
    const edit = { set: { team: ['ana', 'ben', 'rhea'], 'communication.0.end': 'Done.' } };
    const { body } = expectStatus(await change.edit(world.rhea, edit), 200);
    expect(body.approvals.map(({ current }: { current: boolean }) => current)).toEqual([false, true]);
  });

  it('for the slot does not come along to another one, nor back', async () => {
    const change = await acceptedChange(world);
    const [one, other] = [slotIn(600_000), slotIn(1_800_000)];
    expectStatus(await change.say(world.ana, '/schedule', { slot: other, tentative: true }), 200);
    expect(counting(await change.show(world.ana))).toBe('RMX');
    expectStatus(await change.say(world.ana, '/schedule', { slot: one, tentative: true }), 200);
    expect(counting(await change.show(world.ana))).toBe('RMX');
  });

  it('for one slot does not let another be accepted', async () => {
    const change = await acceptedChange(world);
    const answer = await change.say(world.ana, '/schedule', { slot: slotIn(1_800_000) });
    expect(answer).toMatchObject({ status: 409, body: { message: 'refused by eoc-plan-review' } });
  });

  it('is carried by nobody but an edit: a row without its entry is refused', async () => {
    const change = await acceptedChange(world);
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
