import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHANGE_STATES, TRANSITIONS } from '../../src/kernel/change/state.ts';
import {
  expectStatus,
  sentPlan,
  sentScriptPlan,
  startChangeWorld,
  type ChangeWorld,
} from '../kit/changes.ts';

let world: ChangeWorld;
beforeAll(async () => {
  world = await startChangeWorld();
});
afterAll(() => world.server.stop());

const post = (rest: string, body?: unknown, who = world.ana) =>
  world.server.ask('POST', `/api/v1/changes${rest}`, {
    token: who.token,
    ...(body !== undefined && { body }),
  });
const drafted = async (sent: object = sentPlan()) =>
  expectStatus(await post('', { ...sent, draft: true }), 201).body;
const BROKEN = { ...sentScriptPlan(), scripts: {} };

describe('a draft', () => {
  it('is submitted by its people once no error is left in its plan', async () => {
    const { id, state, version } = await drafted(BROKEN);
    expect(state).toBe('draft');
    const refused = await post(`/${id}/submit`);
    expect(refused.body).toMatchObject({
      code: 'invalid',
      problems: [expect.stringContaining('plan.yaml:')],
    });
    const fixed = { ...sentPlan(), version };
    const path = `/api/v1/changes/${id}`;
    expectStatus(await world.server.ask('PUT', path, { token: world.ana.token, body: fixed }), 200);
    expect(await post(`/${id}/submit`, undefined, world.rhea)).toMatchObject({
      body: { code: 'not_permitted' },
    });
    expect((await post(`/${id}/submit`)).body).toMatchObject({ state: 'unscheduled' });
    expect(await post(`/${id}/submit`)).toMatchObject({ body: { code: 'not_permitted' } });
  });

  it('takes no approval until it is submitted', async () => {
    const { id, digest } = await drafted();
    const word = { as: 'reviewer', for: 'plan', digest };
    const refused = await post(`/${id}/approvals`, word, world.rhea);
    expect(refused).toMatchObject({ status: 409, body: { code: 'not_permitted' } });
    expect(refused.body.message).toContain('got one that is `draft`');
    expectStatus(await post(`/${id}/submit`), 200);
    expectStatus(await post(`/${id}/approvals`, word, world.rhea), 201);
  });

  it('takes no slot, and is cancelled', async () => {
    const { id } = await drafted();
    expect(await post(`/${id}/schedule`, { slot: null })).toMatchObject({ body: { code: 'not_permitted' } });
    expect((await post(`/${id}/cancel`, { reason: 'not needed' })).body).toMatchObject({
      state: 'cancelled',
      label: 'change::cancelled',
    });
  });
});

describe('a copy', () => {
  it('has the newest plan and its scripts, nothing that was said, and another author', async () => {
    const { id, digest } = expectStatus(await post('', sentScriptPlan()), 201).body;
    expectStatus(await post(`/${id}/approvals`, { as: 'reviewer', for: 'plan', digest }, world.rhea), 201);
    const { body } = expectStatus(await post(`/${id}/clone`, {}, world.rolf), 201);
    const { planText, scripts } = (
      await world.server.ask('GET', `/api/v1/changes/${id}`, { token: world.ana.token })
    ).body;
    expect(body).toMatchObject({
      planText,
      scripts,
      digest,
      author: 'rolf',
      approvals: [],
      retryOf: null,
      clonedFrom: id,
      slot: null,
    });
    expect(body.id).not.toBe(id);
    const entry = (await world.server.ledger()).find(
      ({ object, type }) => object === `change/${body.id}` && type === 'change.cloned',
    );
    expect(entry).toMatchObject({ outcome: 'allow', reason: `opened as a copy of ${id}, revision 1` });
    expect(entry).toMatchObject({ details: { 'cloned-from': id } });
    const again = `update changes set cloned_from = null where id = '${body.id}'`;
    await expect(world.asOwner(again)).rejects.toMatchObject({ code: 'IL006' });
  });
});

it('moves in the database exactly as in the table of the kernel', async () => {
  const { id } = await drafted();
  const allowed = new Set(
    Object.values(TRANSITIONS).flatMap(({ from, to }) => from.map((one) => `${one} ${to}`)),
  );
  for (const from of CHANGE_STATES) {
    for (const to of CHANGE_STATES.filter((one) => one !== from)) {
      const attempt = world.asOwner(`
        begin; set local session_replication_role = replica; update changes set state = '${from}' where id = '${id}';
        set local session_replication_role = origin; update changes set state = '${to}' where id = '${id}'; rollback`);
      const moved = await attempt.then(
        () => true,
        () => false,
      );
      expect(moved, `${from} ${to}`).toBe(allowed.has(`${from} ${to}`));
    }
  }
});
