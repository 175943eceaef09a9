import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askPeers, endRests } from '../../src/app/gate/ask-peers.ts';
import { rotaFilesConnection } from '../../src/integrations/rota-files/rota-files.ts';
import { expectStatus, slotIn, startChangeWorld, type ChangeWorld } from '../kit/changes.ts';
import type { TestAccount } from '../kit/server.ts';

const HOUR_MS = 3_600_000;

let world: ChangeWorld;
let admin: string;
let file: string;
beforeAll(async () => {
  file = path.join(await mkdtemp(path.join(tmpdir(), 'interlock-rota-')), 'imoc.json');
  world = await startChangeWorld(undefined, {
    connections: { all: [rotaFilesConnection({ imoc: file })], mask: (text) => text },
  });
  admin = world.server.admin.token;
});
afterAll(async () => {
  await world.server.stop();
  await rm(path.dirname(file), { recursive: true });
});

const at = (hours: number) => new Date(Date.now() + hours * HOUR_MS).toISOString();
const post = (who: { readonly token: string }, rest: string, body?: unknown) =>
  world.server.ask('POST', `/api/v1/rota${rest}`, { token: who.token, ...(body !== undefined && { body }) });
const override = (person: string, from: number, to: number) =>
  post({ token: admin }, '/overrides', {
    rota: 'eoc',
    person,
    start: at(from),
    end: at(to),
  });
const dutyAt = async (instant: string) =>
  (
    await world.server.ask('GET', `/api/v1/rota/at?instant=${encodeURIComponent(instant)}`, {
      token: admin,
    })
  ).body;
const eocAt = async (hours: number) => (await dutyAt(at(hours))).onDuty.eoc;
const notices = async (who: TestAccount) =>
  (await world.server.ask('GET', '/api/v1/notices?limit=200', { token: who.token })).body.notices.filter(
    ({ kind }: { kind: string }) => kind === 'eoc-swapped',
  );
const set = async (eoc: readonly (readonly [string, number, number])[]) =>
  expectStatus(
    await world.server.ask('PUT', '/api/v1/rota', {
      token: admin,
      body: { eoc: eoc.map(([person, from, to]) => ({ person, start: at(from), end: at(to) })) },
    }),
    200,
  );

const offer = (who: TestAccount, to: string) => post(who, '/hand-overs', { rota: 'eoc', to });

describe('an override', () => {
  it('covers a part of a shift, and what is planned comes back after it and when it is ended', async () => {
    await set([['cora', -1, 24]]);
    const { body } = expectStatus(await override('rolf', 2, 4), 201);
    expect(await Promise.all([1, 3, 5].map(eocAt))).toEqual(['cora', 'rolf', 'cora']);
    // Whoever is on duty has one shift still, a shorter one, and it began when it began.
    const { shifts } = (await world.server.ask('GET', '/api/v1/rota', { token: admin })).body;
    const [running] = shifts.filter(({ rota }: { rota: string }) => rota === 'eoc');
    expect(running).toMatchObject({ person: 'cora', end: body.start });
    expect(Date.parse(running.start)).toBeLessThanOrEqual(Date.parse(body.setAt) - 1);
    expectStatus(await post({ token: admin }, `/overrides/${body.id}/end`), 200);
    expect(await eocAt(3)).toBe('cora');
    expect(await post({ token: admin }, `/overrides/${body.id}/end`)).toMatchObject({ status: 404 });
  });

  it('stays over a plan that is set anew, and makes way for a newer one where that lies', async () => {
    await set([['cora', -1, 24]]);
    expectStatus(await override('rolf', 2, 8), 201);
    await set([['rhea', -1, 24]]);
    expectStatus(await override('mona', 4, 6), 201);
    expect(await Promise.all([1, 3, 5, 7, 9].map(eocAt))).toEqual(['rhea', 'rolf', 'mona', 'rolf', 'rhea']);
    const { covers } = (await world.server.ask('GET', '/api/v1/rota/overrides', { token: admin })).body;
    expect(covers.map(({ person }: { person: string }) => person)).toEqual(['rolf', 'mona', 'rolf']);
    for (const one of covers) expectStatus(await post({ token: admin }, `/overrides/${one.id}/end`), 200);
  });

  it('never reaches back', async () => {
    await set([['cora', -1, 24]]);
    expect(await override('rolf', -5, -1)).toMatchObject({ status: 400 });
    const body = { rota: 'eoc', person: 'rolf', start: at(-5), end: at(1) };
    const first = expectStatus(await post({ token: admin }, '/overrides', body), 201);
    expect(Date.parse(first.body.start)).toBeGreaterThan(Date.now() - 60_000);
    expect(await eocAt(-0.5)).not.toBe('rolf');
    expectStatus(await post({ token: admin }, `/overrides/${first.body.id}/end`), 200);
  });

  it('of somebody without an account, or by somebody who is no administrator, is refused', async () => {
    expect(await override('nobody', 1, 2)).toMatchObject({ status: 400, body: { code: 'invalid' } });
    const body = { rota: 'eoc', person: 'ana', start: at(0), end: at(2) };
    expect((await post(world.ana, '/overrides', body)).status).toBe(403);
  });

  it('ends where whoever covers is shut out', async () => {
    await set([['cora', -1, 24]]);
    await world.server.account('gone');
    expectStatus(await override('gone', -1, 5), 201);
    expect(await eocAt(1)).toBe('gone');
    await world.server.ask('PATCH', '/api/v1/people/gone', { token: admin, body: { disabled: true } });
    expect(await eocAt(1)).toBe('cora');
  });
});

describe('a hand-over', () => {
  it('passes on the rest of a shift once it is accepted, and not before', async () => {
    await set([['cora', -1, 10]]);
    const { body } = expectStatus(await offer(world.cora, 'rolf'), 201);
    expect(await eocAt(0)).toBe('cora');
    expect(await post(world.rhea, `/hand-overs/${body.id}/accept`)).toMatchObject({
      body: { code: 'not_permitted' },
    });
    const before = new Date().toISOString();
    const { notices: told } = (await world.server.ask('GET', '/api/v1/notices', { token: world.rolf.token }))
      .body;
    expect(told[0]).toMatchObject({ kind: 'hand-over-offered', about: `hand-over/${body.id}` });
    expectStatus(await post(world.rolf, `/hand-overs/${body.id}/accept`), 200);
    const me = await world.server.ask('GET', '/api/v1/me', { token: world.rolf.token });
    expect(me.body.onDuty).toContain('eoc');
    expect(await eocAt(5)).toBe('rolf');
    // What was is not rewritten.
    expect((await dutyAt(before)).onDuty.eoc).toBe('cora');
    expect(await post(world.rolf, `/hand-overs/${body.id}/accept`)).toMatchObject({
      body: { code: 'conflict' },
    });
    const recorded = (await world.server.ledger()).map(({ type }) => type);
    expect(recorded).toContain('rota.hand-over-accepted');
  });

  it('is offered by whoever is on duty alone, to another person, and can be declined or withdrawn', async () => {
    await set([['cora', -1, 10]]);
    for (const { id } of (await world.server.ask('GET', '/api/v1/rota/overrides', { token: admin })).body
      .covers)
      await post({ token: admin }, `/overrides/${id}/end`);
    expect(await offer(world.rolf, 'rhea')).toMatchObject({ body: { code: 'not_permitted' } });
    expect(await offer(world.cora, 'cora')).toMatchObject({ body: { code: 'invalid' } });
    const first = expectStatus(await offer(world.cora, 'rolf'), 201).body;
    expectStatus(await post(world.rolf, `/hand-overs/${first.id}/decline`), 200);
    const second = expectStatus(await offer(world.cora, 'rolf'), 201).body;
    expect(await post(world.rolf, `/hand-overs/${second.id}/withdraw`)).toMatchObject({
      body: { code: 'not_permitted' },
    });
    expectStatus(await post(world.cora, `/hand-overs/${second.id}/withdraw`), 200);
    expect(await eocAt(0)).toBe('cora');
  });

  it('of a shift that is no longer the giver’s is not accepted', async () => {
    await set([['cora', -1, 10]]);
    const { body } = expectStatus(await offer(world.cora, 'rolf'), 201);
    await set([['rhea', -1, 10]]);
    expect(await post(world.rolf, `/hand-overs/${body.id}/accept`)).toMatchObject({
      body: { code: 'conflict' },
    });
    expect(await eocAt(0)).toBe('rhea');
  });
});

describe('who is swapped', () => {
  it('is told which plans want their review, and the people of each are told too', async () => {
    await set([['cora', -1, 48]]);
    const slot = slotIn(20 * HOUR_MS);
    const [wanting, reviewed, elsewhere] = [await world.open(), await world.open(), await world.open()];
    const [back, late] = [await world.open(), slotIn(30 * HOUR_MS)];
    for (const change of [wanting, reviewed, back])
      expectStatus(await change.say(world.ana, '/schedule', { slot, tentative: true }), 200);
    expectStatus(await elsewhere.say(world.ana, '/schedule', { slot: late, tentative: true }), 200);
    // rhea is EOC at that time for a moment, and reviews two of them: one review outlives an edit, the other does not.
    await set([['rhea', -1, 48]]);
    for (const change of [reviewed, back]) expectStatus(await change.approve(world.rhea, 'eoc'), 201);
    expectStatus(await reviewed.edit(world.ben, { set: { 'communication.0.end': 'Done.' } }), 200);
    expectStatus(await back.edit(world.ben, { set: { impact: 'Another.' } }), 200);
    expectStatus(await back.edit(world.ben, {}), 200);
    await set([['cora', -1, 48]]);
    const before = { rhea: (await notices(world.rhea)).length, ana: (await notices(world.ana)).length };

    const { body } = expectStatus(await override('rhea', 19, 22), 201);
    const told = await notices(world.rhea);
    expect(told).toHaveLength(before.rhea + 1);
    expect(told[0].about).toBe('rota/eoc');
    expect(told[0].body).toContain(`${wanting.id} \`Raise work_mem`);
    expect(told[0].body).toContain(`${back.id} \`Raise work_mem`);
    expect(told[0].body).not.toContain(reviewed.id);
    expect(told[0].body).not.toContain(elsewhere.id);
    const owners = await notices(world.ana);
    expect(owners.slice(0, owners.length - before.ana).map(({ about }: { about: string }) => about)).toEqual(
      [back, wanting].map(({ id }) => `change/${id}`),
    );
    expect(owners[0].body).toContain('`rhea` is EOC');
    expectStatus(await post({ token: admin }, `/overrides/${body.id}/end`), 200);
  });

  it('where nobody is left, the people of the change hear that', async () => {
    const change = await world.open();
    await set([['cora', -1, 48]]);
    expectStatus(
      await change.say(world.ana, '/schedule', { slot: slotIn(20 * HOUR_MS), tentative: true }),
      200,
    );
    await set([['cora', -1, 10]]);
    const about = (await notices(world.ana)).find(
      (one: { about: string }) => one.about === `change/${change.id}`,
    );
    expect(about.body).toContain('nobody is EOC');
  });

  it('by a change that is refused is not told of', async () => {
    await set([['cora', -1, 48]]);
    const before = (await notices(world.ana)).length;
    const answer = await world.server.ask('PUT', '/api/v1/rota', {
      token: admin,
      body: {
        eoc: [
          { person: 'rhea', start: at(-1), end: at(40) },
          { person: 'rolf', start: at(30), end: at(48) },
        ],
      },
    });
    expect(answer.body.code).toBe('overlap');
    expect(await notices(world.ana)).toHaveLength(before);
  });
});

it('a file of this host sets a rota as long as it can be read and is young, and not a moment longer', async () => {
  const write = (person: string, more: object = {}) => {
    const recipient = { type: 'user', name: `${person}@example.com` };
    const periods = [{ startDate: at(-1), endDate: at(48), type: 'default', recipient }];
    return writeFile(file, JSON.stringify({ finalTimeline: { rotations: [{ periods }] }, ...more }));
  };
  const gate = async () => {
    endRests(world.server.context);
    await askPeers(world.server.context, { rotas: true, incidents: false });
    return (await dutyAt(at(0))).onDuty.imoc;
  };
  const sources = async () =>
    (await world.server.ask('GET', '/api/v1/rota/sources', { token: admin })).body.sources[0];
  const people = ['ira', 'rolf'].map((person) => ({ email: `${person}@example.com`, person }));
  const body = { connection: 'rota-files', schedule: 'imoc', people };
  const add = () => world.server.ask('PUT', '/api/v1/rota/sources/imoc', { token: admin, body });
  expect(expectStatus(await add(), 200).body).toMatchObject({
    lapsed: true,
    failure: expect.stringContaining('ENOENT'),
  });
  await write('ira');
  expect(await gate()).toBe('ira');
  await write('rolf');
  expect(await gate()).toBe('rolf');
  await write('rolf', { writtenAt: at(-25) });
  expect(await gate()).toBeUndefined();
  expect(await sources()).toMatchObject({ lapsed: true, failure: expect.stringContaining('written since') });
  await write('ira');
  expect(await gate()).toBe('ira');
  await rm(file);
  expect(await gate()).toBeUndefined();
  const { findings } = (await world.server.ask('GET', '/api/v1/doctor', { token: admin })).body;
  for (const part of ['integration rota-files', 'rota-files of rota imoc'])
    expect(findings.find((one: { part: string }) => one.part === part)).toMatchObject({
      status: expect.stringMatching(/warning|wrong/),
      text: expect.stringContaining('ENOENT'),
    });
});
