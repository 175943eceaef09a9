import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { carry, queuesOf } from '../../src/app/outside/carry.ts';
import { markChanges } from '../../src/app/run/mark.ts';
import { grafanaConnection } from '../../src/integrations/grafana/grafana.ts';
import { Secret } from '../../src/integrations/peer/secret.ts';
import { content } from '../kit/attacks.ts';
import { expectStatus } from '../kit/changes.ts';
import { startGrafana, type Mark } from '../kit/grafana.ts';
import type { Peer } from '../kit/peer.ts';
import { startBody, startRunWorld, type RunWorld } from '../kit/run-world.ts';
import type { TestAccount } from '../kit/server.ts';

const TOKEN = 'glsa-a-token-of-grafana';

let world: RunWorld;
let grafana: Peer;
let robot: TestAccount;
let other: TestAccount;
beforeAll(async () => {
  grafana = await startGrafana();
  const there = grafanaConnection({ url: grafana.url, token: { env: 'T' } }, new Secret(TOKEN));
  world = await startRunWorld({ connections: { all: [there], mask: (text) => text } });
  const service = { kind: 'service', scopes: ['ask', 'act', 'read'] } as const;
  robot = await world.server.account('robot', { ...service, botOf: 'ira' });
  other = await world.server.account('other', service);
});
afterAll(async () => {
  await world.server.stop();
  await grafana.stop();
});

const say = (method: string, path: string, who: TestAccount, body?: unknown) =>
  world.server.ask(method, `/api/v1/${path}`, { token: who.token, ...(body !== undefined && { body }) });
const claimed = async (who: TestAccount): Promise<string> => {
  const kind = { environment: 'illumidesk.com', criticality: 'C4', severity: 'S4', deployment: 'production' };
  const body = { ...kind, estimateMinutes: 5, rollbackMinutes: 5, idempotencyKey: randomUUID() };
  return expectStatus(await say('POST', 'claims', who, body), 201).body.id;
};
const veto = (on: string, who = world.cora) => say('POST', 'vetoes', who, { change: on, reason: 'Wait.' });
const beat = async (id: string, who: TestAccount) => (await say('POST', `claims/${id}/heartbeat`, who)).body;

describe('a veto of one claim', () => {
  let id: string;
  let beside: string;
  beforeAll(async () => {
    id = await claimed(robot);
    beside = await claimed(other);
  });
  afterEach(async () => {
    for (const one of (await say('GET', 'vetoes', world.cora)).body.vetoes)
      expectStatus(await say('POST', `vetoes/${one.id}/lift`, world.cora), 200);
  });

  it('stops it at its next beat, and no other; lifted it may go on', async () => {
    const laid = expectStatus(await veto(id), 201).body;
    expect(laid).toMatchObject({ change: id, by: 'cora' });
    expect(await beat(id, robot)).toMatchObject({
      go: false,
      because: [{ rule: 'eoc-veto', verdict: 'deny' }],
    });
    expect(await beat(beside, other)).toMatchObject({ go: true, because: [] });
    await claimed(other);
    expect((await world.server.ledger()).filter(({ type }) => type === 'veto.laid')).toMatchObject([
      { object: `claim/${id}`, outcome: 'allow' },
    ]);
    expectStatus(await say('POST', `vetoes/${laid.id}/lift`, world.cora), 200);
    expect(await beat(id, robot)).toMatchObject({ go: true });
  });

  it.each(['one', 'all'])(
    'of %s is not lifted by whose work it stops, through whichever account',
    async (which) => {
      const { id: number } = expectStatus(await veto(which === 'all' ? '*' : id), 201).body;
      expect((await say('POST', `vetoes/${number}/lift`, world.ira)).body.code).toBe('not_permitted');
      expect(await beat(id, robot)).toMatchObject({ go: false });
    },
  );

  it('is laid by the engineer on call alone, on a claim that there is and that runs', async () => {
    const ended = await claimed(other);
    expectStatus(await say('POST', `claims/${ended}/release`, other, { outcome: 'succeeded' }), 200);
    const before = await content(world.server);
    expect((await veto(id, world.ben)).body.code).toBe('not_permitted');
    expect((await veto(id, robot)).status).toBe(403);
    expect((await veto('CLAIM-9999')).body.code).toBe('not_found');
    expect((await veto(ended)).body.code).toBe('conflict');
    expect((await veto('CLAIM-x')).body.code).toBe('invalid');
    expect(await content(world.server)).toEqual(before);
  });
});

describe('a deployer', () => {
  const MANUAL = {
    steps: [
      {
        name: 'by hand',
        manual: { instructions: 'Turn it off and on.', confirm: 'It is on.' },
        estimate: '1 min',
        timeout: '1 min',
        undo: { nothing: 'It is on.' },
        after: [{ name: 'on', command: { argv: ['/bin/true'] }, expect: { equals: 0 } }],
      },
    ],
  };

  it.each([
    ['with steps', {}],
    ['without a step that a host executes', MANUAL],
  ])('starts no change %s that is no deployment', async (_, plan) => {
    const change = await world.open(plan);
    const deployer = await world.server.bastion(
      `deployer-${change.toLowerCase()}`,
      'illumidesk.com',
      'deployer',
    );
    const start = (body: Record<string, unknown>) =>
      world.server.ask('POST', `/api/v1/changes/${change}/runs`, {
        token: world.ben.token,
        bastion: deployer,
        body: startBody(body),
      });
    const refused = await start({});
    expect(refused).toMatchObject({ status: 409, body: { code: 'not_permitted' } });
    expect(refused.body.message).toContain('expected a deployment');
    expect((await world.server.ledger()).at(-1)).toMatchObject({ type: 'run.refused', outcome: 'deny' });
    const shown = await world.server.ask('GET', `/api/v1/changes/${change}`, { token: world.ben.token });
    expect(shown.body.state).toBe('unscheduled');
    expect((await say('GET', `changes/${change}/runs`, world.ben)).body.runs).toEqual([]);
  });
});

it('a claim is marked in the graphs as it begins and as it ends, each once', async () => {
  const { context } = world.server;
  const id = await claimed(other);
  const mark = async () => {
    await markChanges(context);
    for (const { connection, direction } of queuesOf(context))
      while ((await carry(context, connection, direction)) > 0);
  };
  await mark();
  expectStatus(await say('POST', `claims/${id}/release`, other, { outcome: 'succeeded' }), 200);
  await mark();
  await mark();
  const marks = grafana.heard().map((one) => one as Mark);
  expect(marks.filter(({ tags }) => tags.includes(id)).map(({ text }) => text)).toEqual([
    `${id} begins (by other, in illumidesk.com)`,
    `${id} has ended, succeeded (by other, in illumidesk.com)`,
  ]);
});
