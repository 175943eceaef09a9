import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planOf, startBody, startRunWorld, type RunWorld } from '../kit/run-world.ts';
import type { TestAccount } from '../kit/server.ts';

let world: RunWorld;
let hal: TestAccount;
beforeAll(async () => {
  world = await startRunWorld();
  hal = await world.server.account('hal', { agentOf: 'ben' });
});
afterAll(() => world.server.stop());

const asHal = (method: string, path: string, body?: unknown, bastion?: string) =>
  world.server.ask(method, path, { token: hal.token, body, ...(bastion !== undefined && { bastion }) });

/** A request that hal opened, with this plan's parts. */
async function opened(plan: Record<string, unknown> = {}, draft = false) {
  const body = { file: 'plan.yaml', plan: JSON.stringify(planOf(plan)), scripts: {}, draft };
  const answer = await asHal('POST', '/api/v1/changes', body);
  expect(answer).toMatchObject({ status: 201 });
  return answer.body;
}

describe('an agent', () => {
  it('is somebody’s, and no person', async () => {
    const admin = { token: world.server.admin.token };
    for (const body of [
      { name: 'loose', kind: 'service', displayName: 'loose', agent: true },
      { name: 'body', kind: 'person', displayName: 'body', agent: true, botOf: 'ben' },
    ]) {
      expect((await world.server.ask('POST', '/api/v1/people', { ...admin, body })).status).toBe(400);
    }
    expect((await asHal('GET', '/api/v1/me')).body).toMatchObject({
      agent: true,
      botOf: 'ben',
      kind: 'service',
    });
  });

  it('opens a request whose author is its human, who is told', async () => {
    const { id, author } = await opened();
    expect(author).toBe('ben');
    const { notices } = (await world.server.ask('GET', '/api/v1/notices', { token: world.ben.token })).body;
    expect(notices).toContainEqual(
      expect.objectContaining({ kind: 'opened-by-agent', about: `change/${id}` }),
    );
    const entry = (await world.server.ledger()).findLast(({ type }) => type === 'change.opened');
    expect(entry).toMatchObject({ actor: { subject: 'hal' }, reason: 'opened by the agent hal of ben' });
    expect(
      (await world.server.ask('GET', `/api/v1/changes/${id}`, { token: world.ira.token })).body,
    ).toMatchObject({
      author: 'ben',
      openedByAgent: 'hal',
    });
  });

  it('cannot have its human approve what it opened', async () => {
    const { id, digest } = await opened();
    await world.server.ask('PUT', '/api/v1/people/ben/roles/reviewer', { token: world.server.admin.token });
    const word = { as: 'reviewer', for: 'plan', digest };
    for (const who of [world.ben, hal]) {
      const { status } = await world.server.ask('POST', `/api/v1/changes/${id}/approvals`, {
        token: who.token,
        body: word,
      });
      expect(status).toBe(who === hal ? 403 : 409);
    }
    const by = await world.server.ask('POST', `/api/v1/changes/${id}/approvals`, {
      token: world.rhea.token,
      body: word,
    });
    expect(by.status).toBe(201);
  });

  it('edits drafts of its human, and nothing else', async () => {
    const draft = await opened({}, true);
    const sent = { file: 'plan.yaml', plan: JSON.stringify(planOf({ title: 'Another' })), scripts: {} };
    const edit = (id: string, version: number) => asHal('PUT', `/api/v1/changes/${id}`, { ...sent, version });
    expect((await edit(draft.id, draft.version)).status).toBe(200);
    const filed = await opened();
    expect(await edit(filed.id, filed.version)).toMatchObject({
      status: 409,
      body: { code: 'not_permitted' },
    });
    const others = await world.server.ask('POST', '/api/v1/changes', {
      token: world.ana.token,
      body: { ...sent, draft: true },
    });
    expect((await edit(others.body.id, others.body.version)).body).toMatchObject({
      message: expect.stringContaining('the agent of its author'),
    });
  });

  it('starts what is C4 and nothing above', async () => {
    for (const [criticality, status] of [
      ['C3', 409],
      ['C4', 200],
    ] as const) {
      const { id } = await opened({ executor: 'hal', criticality });
      const answer = await asHal('POST', `/api/v1/changes/${id}/runs`, startBody(), world.bastion);
      expect({ criticality, ...answer }).toMatchObject({ status });
      if (status === 409)
        expect(answer.body).toMatchObject({ code: 'not_permitted', message: expect.stringContaining('C4') });
      else await world.say(answer.body.run, 'abort', { because: 'enough' }, world.cora);
    }
  });

  it('claims what is C4 and nothing above', async () => {
    const claim = (criticality: string) =>
      asHal('POST', '/api/v1/claims', {
        environment: 'illumidesk.com',
        criticality,
        severity: 'S4',
        estimateMinutes: 1,
        rollbackMinutes: 1,
        idempotencyKey: randomUUID(),
      });
    expect((await claim('C3')).body).toMatchObject({ code: 'not_permitted' });
    expect(await world.server.ledger()).toContainEqual(
      expect.objectContaining({
        type: 'claim.refused',
        reason: expect.stringContaining('no agent above C4'),
      }),
    );
    const given = await claim('C4');
    expect(given.status).toBe(201);
    await asHal('POST', `/api/v1/claims/${given.body.id}/release`, { outcome: 'succeeded' });
  });

  it('goes when its human goes', async () => {
    const { token } = await world.server.account('kit', { agentOf: 'ira' });
    const admin = { token: world.server.admin.token };
    const me = () => world.server.ask('GET', '/api/v1/me', { token });
    expect((await me()).status).toBe(200);
    await world.server.ask('PATCH', '/api/v1/people/ira', { ...admin, body: { disabled: true } });
    expect((await me()).status).toBe(401);
  });
});
