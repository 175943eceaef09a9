import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectStatus, startChangeWorld, type ChangeWorld } from '../kit/changes.ts';
import type { TestAccount } from '../kit/server.ts';

let world: ChangeWorld;
/** Second accounts: of ana, who writes the changes, and of rhea, who reviews them. */
let ana2: TestAccount;
let rhea2: TestAccount;

beforeAll(async () => {
  world = await startChangeWorld();
  ana2 = await world.server.account('ana-2', { roles: ['reviewer'] });
  rhea2 = await world.server.account('rhea-2', { roles: ['reviewer'] });
});
afterAll(() => world.server.stop());

const link = (name: string, sameHumanAs: string | null, { token } = world.server.admin) =>
  world.server.ask('PATCH', `/api/v1/people/${name}`, { token, body: { sameHumanAs } });

describe('accounts of one human', () => {
  it('are one reviewer in the quorum, also where they were linked after the word', async () => {
    const change = await world.open({ set: { severity: 'S2' } });
    for (const who of [world.rhea, world.rolf, rhea2])
      expectStatus(await change.approve(who, 'reviewer'), 201);
    const quorum = async () =>
      (await change.show(world.ana)).verdict.decision.verdicts.find(
        (one: { rule: string }) => one.rule === 'review-quorum',
      );
    expect(await quorum()).toMatchObject({ verdict: 'pass' });
    expectStatus(await link('rhea-2', 'rhea'), 200);
    expect(await quorum()).toMatchObject({
      verdict: 'deny',
      because: expect.stringContaining('2 counted: rhea and rolf'),
    });
  });

  it('are all the author, who approves nothing under any of them', async () => {
    const change = await world.open();
    expectStatus(await link('ana-2', 'ana'), 200);
    const before = await world.rows('approvals');
    const answer = await change.approve(ana2, 'reviewer');
    expect(answer).toMatchObject({ status: 409, body: { code: 'not_permitted' } });
    expect(await world.rows('approvals')).toBe(before);
    expect((await world.recorded(0)).at(-1)).toMatchObject({ outcome: 'deny', actor: { subject: 'ana-2' } });
  });

  it('are linked one level deep, to a person, by an administrator', async () => {
    await world.server.account('third');
    await world.server.account('robot', { kind: 'service' });
    expect(await link('third', 'ana-2')).toMatchObject({ status: 200, body: { sameHumanAs: 'ana' } });
    expect(await link('ana', 'rhea')).toMatchObject({ status: 409, body: { code: 'conflict' } });
    expect(await link('ana-2', 'rhea')).toMatchObject({ status: 409, body: { code: 'conflict' } });
    expect(await link('ben', 'ben')).toMatchObject({ status: 400 });
    expect(await link('ben', 'nobody-here')).toMatchObject({ status: 400 });
    expect(await link('robot', 'ana')).toMatchObject({ status: 400 });
    expect(await link('ben', 'ana', { name: 'ana', token: world.ana.token })).toMatchObject({ status: 403 });
    // The database holds it too, whoever writes there.
    await expect(world.asOwner(`update people set same_human_as = 'ben' where name = 'ana'`)).rejects.toThrow(
      'human',
    );
  });

  it('are parted by another administrator alone', async () => {
    const root = await world.server.account('root', { roles: ['admin'], scopes: ['read', 'admin'] });
    await world.server.account('root-2');
    expectStatus(await link('root-2', 'root'), 200);
    expect(await link('root-2', null, root)).toMatchObject({ status: 409, body: { code: 'not_permitted' } });
    expect(await link('root-2', null)).toMatchObject({ status: 200, body: { sameHumanAs: null } });
  });

  it('do not confirm each other’s locks', async () => {
    const mona2 = await world.server.account('mona-2', { roles: ['management'] });
    expectStatus(await link('mona-2', 'mona'), 200);
    const lock = await world.server.ask('POST', '/api/v1/locks', {
      token: world.mona.token,
      body: {
        kind: 'soft',
        environments: ['illumidesk.com'],
        category: 'company-event',
        reason: 'Launch.',
        start: new Date(Date.now() + 3_600_000).toISOString(),
        end: new Date(Date.now() + 7_200_000).toISOString(),
      },
    });
    const confirm = await world.server.ask('POST', `/api/v1/locks/${lock.body.id}/confirm`, {
      token: mona2.token,
      body: { digest: lock.body.digest },
    });
    expect(confirm).toMatchObject({ status: 409, body: { code: 'not_permitted' } });
  });
});
