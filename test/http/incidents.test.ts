import { afterAll, beforeAll, expect, it } from 'vitest';
import { expectStatus, startChangeWorld, type ChangeWorld } from '../kit/changes.ts';
import { walkPages } from '../kit/pages.ts';
import type { TestAccount } from '../kit/server.ts';

let world: ChangeWorld;
beforeAll(async () => {
  world = await startChangeWorld();
});
afterAll(() => world.server.stop());

const open = (who: TestAccount, body: unknown = { title: 'The shop is slow', severity: 'S2' }) =>
  world.server.ask('POST', '/api/v1/incidents', { token: who.token, body });
const resolve = (who: TestAccount, id: string) =>
  world.server.ask('POST', `/api/v1/incidents/${id}/resolve`, {
    token: who.token,
    body: { reason: 'It is fast again.' },
  });
const noIncident = async () => {
  const body = {
    environment: 'illumidesk.com',
    criticality: 'C4',
    severity: 'S4',
    estimateMinutes: 1,
    rollbackMinutes: 1,
  };
  const answer = await world.server.ask('POST', '/api/v1/decisions', { token: world.ben.token, body });
  return answer.body.verdicts.find((one: { rule: string }) => one.rule === 'no-active-incident')?.verdict;
};

it('anybody may say that something burns; an EOC or IMOC on duty says that it does not', async () => {
  const service = await world.server.account('alarm', { kind: 'service' });
  const opened = expectStatus(await open(service), 201).body;
  expect(opened).toMatchObject({ status: 'active', openedBy: 'alarm', source: 'app', resolvedAt: null });
  expect(await noIncident()).toBe('deny');
  for (const who of [world.ana, world.mona, world.rhea])
    expect(await resolve(who, opened.id)).toMatchObject({ status: 409, body: { code: 'not_permitted' } });
  expect((await resolve(service, opened.id)).status).toBe(403);
  expect(await noIncident()).toBe('deny');
  expect(expectStatus(await resolve(world.ira, opened.id), 200).body).toMatchObject({ resolvedBy: 'ira' });
  expect(await noIncident()).toBe('pass');
  expect((await resolve(world.ira, opened.id)).status).toBe(404);
  const { incidents } = (await world.server.ask('GET', '/api/v1/incidents', { token: world.ana.token })).body;
  expect(incidents).toMatchObject([{ id: opened.id, status: 'resolved' }]);
});

it('are listed page by page: what burns on the first one, then each that is resolved once', async () => {
  const three = [await open(world.ana), await open(world.ana), await open(world.ana)].map(
    ({ body }) => body.id,
  );
  for (const id of three) expectStatus(await resolve(world.ira, id), 200);
  const burning = (await open(world.ana)).body.id;
  const ask = { server: world.server, token: world.ana.token };
  const [first, ...more] = await walkPages(ask, { path: '/api/v1/incidents', list: 'incidents', limit: 1 });
  expect(first?.map(({ id }) => id)).toEqual([burning, three[2]]);
  expect(
    more
      .flat()
      .map(({ id }) => id)
      .slice(0, 2),
  ).toEqual([three[1], three[0]]);
  expect(new Set(more.map(({ length }) => length))).toEqual(new Set([1]));
  expectStatus(await resolve(world.ira, burning), 200);
});

it.each([
  [{ title: '', severity: 'S2' }],
  [{ title: 'x', severity: 'S9' }],
  [{ title: 'x', severity: 'S2', status: 'resolved' }],
  [{ title: 'x\0', severity: 'S2' }],
])('does not take %j', async (body) => {
  expect(await open(world.ana, body)).toMatchObject({ status: 400, body: { code: 'invalid' } });
});

it('nobody whose account is closed is on duty, though the rota still names them: a gap, no notice, no word', async () => {
  const { server } = world;
  const { token } = server.admin;
  const greta = await server.account('greta');
  await server.onCall({ eoc: 'greta' });
  const change = await world.open();
  expectStatus(await change.approve(greta, 'eoc'), 201);
  const review = async () => {
    const { verdicts } = (await change.show(world.ana)).verdict.decision;
    return verdicts.find(({ rule }: { rule: string }) => rule === 'eoc-plan-review').verdict;
  };
  expect(await review()).toBe('pass');
  const before = new Date().toISOString();
  // Not by the API, which takes it off the rotas itself.
  await world.asOwner(`update people set disabled_at = now() where name = 'greta'`);
  expect(await review()).not.toBe('pass');
  const { onDuty, gaps } = (await server.ask('GET', '/api/v1/rota?days=14', { token })).body;
  expect([onDuty.eoc, gaps[0].rota]).toEqual([undefined, 'eoc']);
  expect(Date.parse(gaps[0].start)).toBeLessThan(Date.now() + 1_000);
  // What was is not told otherwise afterwards.
  const past = await server.ask('GET', `/api/v1/rota/at?instant=${before}`, { token });
  expect(past.body.onDuty.eoc).toBe('greta');
  const { id } = expectStatus(await open(world.ana), 201).body;
  expect(await world.rows(`notices where about = 'incident/${id}' and person = 'greta'`)).toBe(0);
  expect(await world.rows(`notices where about = 'incident/${id}'`)).toBeGreaterThan(0);
  expectStatus(await resolve(world.ira, id), 200);
});
