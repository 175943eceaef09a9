import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { content, refusedBy } from '../kit/attacks.ts';
import { expectStatus, startChangeWorld, type ChangeWorld, type OpenedChange } from '../kit/changes.ts';
import { startProvider, type TestProvider } from '../kit/identity-provider.ts';
import { startBody } from '../kit/run-world.ts';
import type { Answer, TestAccount } from '../kit/server.ts';
import { pageOf, signInBy } from '../kit/sign-in.ts';

// What somebody tries who is not, or is not only, who they say; 3 to 5 in `id-token.test.ts`. Each is refused, each refusal stands in the ledger, and nothing else changed.

const PASSWORD = 'correct horse battery';
const SECOND_MS = 1_000;
const HOUR_MS = 3_600_000;

let world: ChangeWorld;
let provider: TestProvider;
let change: OpenedChange;
let lock: string;

beforeAll(async () => {
  world = await startChangeWorld();
  provider = await startProvider();
  useProvider(provider);
  const text = 'version: directory/1\ngroups: { heads: [vpe], sre: [reviewer] }\n';
  const body = { file: 'directory.yaml', text };
  expectStatus(
    await world.server.ask('PUT', '/api/v1/directory', { token: world.server.admin.token, body }),
    200,
  );
  change = await world.open();
  const made = await world.server.ask('POST', '/api/v1/locks/emergency', {
    token: world.mona.token,
    body: {
      kind: 'hard',
      environments: ['illumidesk.com'],
      category: 'other',
      reason: 'Wait.',
      timeToLive: '4h',
    },
  });
  lock = expectStatus(made, 201).body.id;
});
afterAll(async () => {
  await world.server.stop();
  await provider.stop();
});
beforeEach(async () => {
  provider.tamper = null;
  await world.server.context.db.deleteFrom('sign_in_attempts').execute();
});

function useProvider({ port }: TestProvider): void {
  const { identity } = world.server.context;
  Object.assign(world.server.context, { identity: { ...identity, provider: port } });
}

const refused = (code: string, attempt: () => Promise<Answer>) => refusedBy(world.server, code, attempt);

const asAdmin = (method: string, path: string, body?: unknown) =>
  world.server.ask(method, path, { token: world.server.admin.token, ...(body !== undefined && { body }) });

/** The VPE’s word is asked for on a hard lock. */
const approvalOf = (as: string) => ({
  as,
  for: as === 'vpe' ? `lock:${lock}` : 'plan',
  digest: change.digest,
  ...(as === 'vpe' && { reason: 'nothing urgent' }),
});
const approveAs = (headers: Record<string, string>, as: string) =>
  world.server.ask('POST', `/api/v1/changes/${change.id}/approvals`, { headers, body: approvalOf(as) });

describe('1, 2: one’s own change', () => {
  it('is approved by nobody in any capacity', async () => {
    expectStatus(await asAdmin('PUT', '/api/v1/people/ana/roles/reviewer'), 200);
    await refused('not_permitted', () => change.approve(world.ana, 'reviewer'));
  });

  it('nor under a second account that the provider vouches for', async () => {
    provider.person = { subject: 'ana-there', claims: { preferred_username: 'ana', groups: ['sre'] } };
    const signedIn = expectStatus(await signInBy(world.server, provider), 201);
    expect(signedIn.body.name).toBe('ana-2');
    expectStatus(await asAdmin('PATCH', '/api/v1/people/ana-2', { sameHumanAs: 'ana' }), 200);
    await refused('not_permitted', () => approveAs(pageOf(world.server, signedIn), 'reviewer'));
  });

  it('nor through another issuer that says the same subject: that is somebody else, without a role', async () => {
    provider.person = { subject: 'vera-there', claims: { preferred_username: 'vera', groups: ['heads'] } };
    expect(expectStatus(await signInBy(world.server, provider), 201).body.name).toBe('vera-2');
    const second = await startProvider();
    useProvider(second);
    try {
      second.person = { subject: 'vera-there', claims: { preferred_username: 'vera' } };
      const signedIn = expectStatus(await signInBy(world.server, second), 201);
      expect(signedIn.body.name).toBe('vera-3');
      await refused('not_permitted', () => approveAs(pageOf(world.server, signedIn), 'vpe'));
    } finally {
      useProvider(provider);
      await second.stop();
    }
  });
});

it('6: the e-mail and the name of the VPE with another subject open nothing of hers', async () => {
  provider.person = {
    subject: 'mallory',
    claims: { preferred_username: 'vera', name: 'vera', email: 'vera@illumidesk.com' },
  };
  const signedIn = expectStatus(await signInBy(world.server, provider), 201);
  expect(signedIn.body.name).not.toBe('vera');
  await refused('not_permitted', () => approveAs(pageOf(world.server, signedIn), 'vpe'));
});

const ahead = (ms: number) => new Date(Date.now() + ms).toISOString();
const onDuty = async (from: number, until: number) => {
  const eoc = [{ person: 'cora', start: ahead(from), end: ahead(until) }];
  expectStatus(await asAdmin('PUT', '/api/v1/rota', { eoc }), 200);
};

it('7: an EOC’s word a second after the shift, or a second before it, is not one', async () => {
  const word = { for: 'start' };
  await onDuty(-HOUR_MS, -SECOND_MS);
  await refused('not_permitted', () => change.approve(world.cora, 'eoc', word));
  await onDuty(20 * SECOND_MS, HOUR_MS);
  await refused('not_permitted', () => change.approve(world.cora, 'eoc', word));
  await world.server.onCall({ eoc: 'cora', imoc: 'ira' });
  expectStatus(await change.approve(world.cora, 'eoc', word), 201);
});

const applyDirectory = async (roles: string) =>
  expectStatus(
    await asAdmin('PUT', '/api/v1/directory', {
      file: 'directory.yaml',
      text: `version: directory/1\ngroups: { heads: [vpe], sre: [reviewer] }\npeople:\n  - { name: ben, issuer: local, subject: ben, roles: [${roles}] }\n`,
    }),
    200,
  );

describe('14: what was taken away in mid-session', () => {
  it('is gone at the next act: role, group, account', async () => {
    provider.person = { subject: 'rolf-there', claims: { preferred_username: 'rolf', groups: ['sre'] } };
    const page = pageOf(world.server, expectStatus(await signInBy(world.server, provider), 201));
    provider.person = { subject: 'rolf-there', claims: { preferred_username: 'rolf' } };
    expectStatus(await signInBy(world.server, provider), 201);
    await refused('not_permitted', () => approveAs(page, 'reviewer'));
  });

  it('and so is what a directory gave', async () => {
    await applyDirectory('reviewer');
    const other = await world.open();
    await applyDirectory('');
    await refused('not_permitted', () => other.approve(world.ben, 'reviewer'));
  });

  it('an executor who was shut out starts nothing', async () => {
    const { token } = await world.server.account('tess');
    expectStatus(await asAdmin('PATCH', '/api/v1/people/tess', { disabled: true }), 200);
    const before = await content(world.server);
    const start = { token, bastion: world.bastion, body: startBody() };
    expect((await world.server.ask('POST', `/api/v1/changes/${change.id}/runs`, start)).status).toBe(401);
    expect(await content(world.server)).toEqual(before);
  });
});

it('15: a service approves nothing, whatever its token may', async () => {
  const robot = await world.server.account('robot', { kind: 'service' });
  await refused('forbidden', () => change.approve(robot, 'reviewer'));
});

it('16: one person is one voice, however often and under however many accounts', async () => {
  const severe = await world.open({ set: { severity: 'S2' } });
  const again: TestAccount[] = [];
  for (const name of ['rhea-2', 'rhea-3']) {
    again.push(await world.server.account(name, { roles: ['reviewer'] }));
    expectStatus(await asAdmin('PATCH', `/api/v1/people/${name}`, { sameHumanAs: 'rhea' }), 200);
  }
  for (const who of [world.rhea, world.rhea, ...again])
    expectStatus(await severe.approve(who, 'reviewer'), 201);
  const { verdicts } = (await severe.show(world.ana)).verdict.decision;
  expect(verdicts.find(({ rule }: { rule: string }) => rule === 'review-quorum')).toMatchObject({
    verdict: 'deny',
    because: expect.stringContaining('1 counted'),
  });
});

const asMona = (method: string, path: string, body?: unknown) =>
  world.server.ask(method, path, { token: world.mona.token, ...(body !== undefined && { body }) });

it('17: a lock is neither back-dated nor deleted nor renamed', async () => {
  const dated = {
    kind: 'hard',
    environments: ['illumidesk.com'],
    category: 'other',
    reason: 'Back then.',
    start: new Date(Date.now() - HOUR_MS).toISOString(),
    end: new Date(Date.now() + HOUR_MS).toISOString(),
  };
  const before = await content(world.server);
  expect((await asMona('POST', '/api/v1/locks', dated)).body.code).toBe('invalid');
  expect((await asMona('DELETE', '/api/v1/locks/release-day')).status).toBe(404);
  expect((await asMona('PATCH', '/api/v1/locks/release-day', { id: 'nothing' })).status).toBe(404);
  expect(await content(world.server)).toEqual(before);
});

it('18: an executor who is on call does not lift the veto of their own change, under whichever account', async () => {
  const body = { change: change.id, reason: 'Wait.' };
  const veto = await world.server.ask('POST', '/api/v1/vetoes', { token: world.cora.token, body });
  const ben2 = await world.server.account('ben-2');
  expectStatus(await asAdmin('PATCH', '/api/v1/people/ben-2', { sameHumanAs: 'ben' }), 200);
  for (const { name, token } of [world.ben, ben2]) {
    await world.server.onCall({ eoc: 'cora', imoc: name });
    await refused('not_permitted', () =>
      world.server.ask('POST', `/api/v1/vetoes/${veto.body.id}/lift`, { token, body: {} }),
    );
  }
  await world.server.onCall({ eoc: 'cora', imoc: 'ira' });
});

it('19: a header does not move a caller to the bastion', async () => {
  await refused('forbidden', () =>
    world.server.ask('POST', `/api/v1/changes/${change.id}/runs`, {
      token: world.ben.token,
      headers: { 'x-forwarded-for': '10.0.0.7', forwarded: 'for=bastion-1', 'x-real-ip': '10.0.0.7' },
      body: startBody(),
    }),
  );
});

describe('20: a session’s cookie that another page sends along', () => {
  let page: Record<string, string>;
  beforeAll(async () => {
    provider.person = { subject: 'pia-there', claims: { preferred_username: 'pia', groups: ['sre'] } };
    provider.tamper = null;
    page = pageOf(world.server, expectStatus(await signInBy(world.server, provider), 201));
  });

  it('changes nothing without our header', async () => {
    const { 'interlock-csrf': _, ...bare } = page;
    await refused('forbidden', () => approveAs(bare, 'reviewer'));
  });

  it.each(['null', 'https://evil.example'])('changes nothing from the origin %s', async (origin) => {
    await refused('forbidden', () => approveAs({ ...page, origin }, 'reviewer'));
    const bearer = { authorization: `Bearer ${world.rhea.token}`, origin };
    await refused('forbidden', () => approveAs(bearer, 'reviewer'));
  });

  it('neither begins nor ends a way to the provider from another origin', async () => {
    const headers = { origin: 'https://evil.example' };
    const begun = await world.server.ask('POST', '/api/v1/sign-in/flows', { body: {}, headers });
    expect(begun.status).toBe(403);
    expect(begun.headers.getSetCookie()).toEqual([]);
  });
});

it('a password that is changed ends every session that it began', async () => {
  await world.server.account('lena', { password: PASSWORD });
  const session = async () => {
    const body = { account: 'lena', password: PASSWORD };
    return pageOf(
      world.server,
      expectStatus(await world.server.ask('POST', '/api/v1/session', { body }), 201),
    );
  };
  const [one, other] = [await session(), await session()];
  const body = { password: 'another horse battery', current: PASSWORD };
  expectStatus(await world.server.ask('PUT', '/api/v1/people/lena/password', { headers: one, body }), 204);
  for (const headers of [one, other]) {
    expect((await world.server.ask('GET', '/api/v1/me', { headers })).status).toBe(401);
  }
});
