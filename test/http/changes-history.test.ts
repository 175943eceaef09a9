import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  expectStatus,
  sentPlan,
  startChangeWorld,
  type ChangeWorld,
  type OpenedChange,
} from '../kit/changes.ts';
import { walkPages } from '../kit/pages.ts';
import { startRunWorld, type RunWorld } from '../kit/run-world.ts';

let world: ChangeWorld;
beforeAll(async () => {
  world = await startChangeWorld();
});
afterAll(() => world.server.stop());

const get = async (id: string, rest: string, status = 200) =>
  expectStatus(
    await world.server.ask('GET', `/api/v1/changes/${id}${rest}`, { token: world.rhea.token }),
    status,
  ).body;

/** A request with an edit of its estimate, and one of its title. */
async function edited(): Promise<OpenedChange> {
  const change = await world.open();
  const estimate = { 'estimate.steps': '25 min' };
  expectStatus(await change.edit(world.ben, { set: estimate }), 200);
  expectStatus(await change.edit(world.ana, { set: { ...estimate, title: 'Another title' } }), 200);
  return change;
}

describe('the history of a request', () => {
  it('has what was done and what was refused, in order, and nothing of another', async () => {
    const other = await world.open();
    const change = await world.open();
    expectStatus(await change.say(world.ana, '/discussion', { body: 'Look at this.' }), 201);
    expectStatus(await other.say(world.ana, '/discussion', { body: 'And this.' }), 201);
    expect((await change.approve(world.ana, 'reviewer')).status).toBe(409);
    expectStatus(await change.approve(world.rhea, 'reviewer'), 201);
    const sent = { change: change.id, reason: 'Not today.' };
    const ask = (path: string, body: unknown) =>
      world.server.ask('POST', `/api/v1/vetoes${path}`, { token: world.cora.token, body });
    const veto = expectStatus(await ask('', sent), 201).body;
    const refused = await world.server.ask('POST', `/api/v1/vetoes/${veto.id}/lift`, {
      token: world.ben.token,
      body: { because: 'I am the executor.' },
    });
    expect(refused.status).toBe(409);
    expectStatus(await ask(`/${veto.id}/lift`, { because: 'Well then.' }), 200);

    const { entries, next } = await get(change.id, '/history');
    expect(next).toBeNull();
    expect(entries).toMatchObject([
      { type: 'change.opened', actor: 'ana', outcome: 'allow', reason: 'opened' },
      { type: 'change.message', actor: 'ana', outcome: 'allow' },
      { type: 'change.approved', actor: 'ana', outcome: 'deny' },
      { type: 'change.approved', actor: 'rhea', outcome: 'allow' },
      { type: 'veto.laid', actor: 'cora', capacity: 'eoc', object: `change/${change.id}` },
      { type: 'veto.lifted', actor: 'ben', outcome: 'deny', object: `veto/${veto.id}` },
      { type: 'veto.lifted', actor: 'cora', outcome: 'allow' },
    ]);
    const stored = await world.server.ledger();
    for (const { index, reason } of entries) expect(stored[Number(index)]).toMatchObject({ reason });
    const listed = await world.server.ask('GET', `/api/v1/ledger/entries?order=newest&change=${change.id}`, {
      token: world.rhea.token,
    });
    expect(listed.body.entries.map((one: { index: string }) => one.index)).toEqual(
      entries.map((one: { index: string }) => one.index).toReversed(),
    );
  });

  it('comes page by page, each entry once', async () => {
    const change = await edited();
    const whole = (await get(change.id, '/history')).entries;
    const pages = [];
    for (let from: string | null = '0'; from !== null;) {
      const page = await get(change.id, `/history?limit=2&from=${from}`);
      expect(page.entries.length).toBeLessThanOrEqual(2);
      pages.push(...page.entries);
      from = page.next;
    }
    expect(pages).toEqual(whole);
    expect(whole.length).toBeGreaterThanOrEqual(3);
  });

  it('is not there of a request that is not', async () => {
    expect((await get('CHG-999', '/history', 404)).code).toBe('not_found');
    expect((await get('CHG-999', '/revisions', 404)).code).toBe('not_found');
    expect((await get('CHG-999', '/revisions/1', 404)).code).toBe('not_found');
  });
});

it('the decisions on a request come page by page, the newest first, each once', async () => {
  const change = await world.open();
  for (const _ of [1, 2, 3]) await change.say(world.ana, '/schedule', { slot: null });
  const path = `/api/v1/changes/${change.id}/decisions`;
  const pages = await walkPages<{ ledgerIndex: string }>(
    { server: world.server, token: world.rhea.token },
    { path, list: 'decisions', limit: 2 },
  );
  const indexes = pages.flat().map(({ ledgerIndex }) => Number(ledgerIndex));
  expect(pages.map(({ length }) => length)).toEqual([2, 1]);
  expect(indexes).toEqual([...new Set(indexes)].toSorted((a, b) => b - a));
});

describe('the history of a request that runs', () => {
  let running: RunWorld;
  beforeAll(async () => {
    running = await startRunWorld();
  });
  afterAll(() => running.server.stop());

  it('has what was said of its run, and what was refused there', async () => {
    const id = await running.open();
    const run = await running.start(id);
    const held = await running.say(run, 'hold', { because: 'It looks odd.' });
    expect(held.status).toBeLessThan(300);
    expect((await running.say(run, 'hold', { because: 'Stop.' }, running.rhea)).status).toBe(409);
    const path = `/api/v1/changes/${id}/history`;
    const { body } = await running.server.ask('GET', path, { token: running.ana.token });
    expect(body.entries.slice(-2)).toMatchObject([
      { type: 'run.hold', outcome: 'allow', actor: 'ben' },
      { type: 'run.hold', outcome: 'deny', actor: 'rhea', object: `run/${run.id}` },
    ]);
    const indexes = body.entries.map((entry: { index: string }) => Number(entry.index));
    expect(indexes).toEqual(indexes.toSorted((a: number, b: number) => a - b));
  });
});

describe('the revisions of a request', () => {
  it('say who sent each, and which parts it changed', async () => {
    const change = await edited();
    expect(await get(change.id, '/revisions')).toMatchObject({
      revisions: [
        { revision: 3, by: 'ana', changed: [] },
        { revision: 2, by: 'ben', changed: ['estimate'] },
        { revision: 1, by: 'ana', changed: null, digest: change.digest },
      ],
      next: null,
    });
    const first = await get(change.id, '/revisions?limit=1');
    expect(first).toMatchObject({ revisions: [{ revision: 3, changed: [] }], next: 3 });
    const rest = await get(change.id, `/revisions?limit=5&before=${first.next}`);
    expect(rest.revisions.map(({ revision }: { revision: number }) => revision)).toEqual([2, 1]);
  });

  it('are there as they were sent', async () => {
    const change = await edited();
    const one = await get(change.id, '/revisions/1');
    expect(one).toMatchObject({ revision: 1, by: 'ana', digest: change.digest, scripts: {} });
    expect(one.planText).toContain('Raise work_mem');
    expect((await get(change.id, '/revisions/3')).planText).toContain('Another title');
    expect(await get(change.id, '/revisions/4', 404)).toMatchObject({
      message: `expected a revision of \`${change.id}\`, got \`4\`, which it has none of`,
    });
    expect((await get(change.id, '/revisions/0', 400)).code).toBe('invalid');
  });

  it('differ by field and by line, in both directions, cosmetic edits in the text alone', async () => {
    const change = await edited();
    const forth = await get(change.id, '/revisions/1/diff/3');
    expect(forth).toMatchObject({
      parts: ['estimate'],
      differences: [{ path: 'estimate.steps', after: '"25 min"' }],
      files: [{ path: 'plan.yaml', cut: false }],
    });
    expect(forth.files[0].text).toMatch(/^@@ -1,/);
    expect(forth.files[0].text).toMatch(/\n\+title: "?Another title"?\n/);
    const back = await get(change.id, '/revisions/3/diff/1');
    expect(back.files[0].text).toMatch(/\n-title: "?Another title"?\n/);
    const title = await get(change.id, '/revisions/2/diff/3');
    expect(title).toMatchObject({ parts: [], differences: [], files: [{ path: 'plan.yaml' }] });
    expect((await get(change.id, '/revisions/2/diff/2')).files).toEqual([]);
  });
});

it('a request that was aborted names what tries it again, and only that', async () => {
  const change = await world.open();
  expect((await change.show(world.rhea)).retriedBy).toEqual([]);
  for (const state of ['in-progress', 'aborted']) {
    await world.asOwner(`update changes set state = '${state}' where id = '${change.id}'`);
  }
  const body = { ...sentPlan(), retryOf: change.id };
  const sent = await world.server.ask('POST', '/api/v1/changes', { token: world.ana.token, body });
  const { id } = expectStatus(sent, 201).body;
  const other = await world.open();
  expect(await change.show(world.rhea)).toMatchObject({ retryOf: null, retriedBy: [id] });
  expect(await get(id, '')).toMatchObject({ retryOf: change.id, retriedBy: [] });
  expect((await other.show(world.rhea)).retriedBy).toEqual([]);
});
