import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { askPeersByTheClock, endRests } from '../../src/app/gate/ask-peers.ts';
import { deliverDue } from '../../src/app/deliver.ts';
import { carry, queuesOf } from '../../src/app/outside/carry.ts';
import { pagerdutyConnection } from '../../src/integrations/pagerduty/pagerduty.ts';
import { masking, Secret } from '../../src/integrations/peer/secret.ts';
import { expectStatus, startChangeWorld, type ChangeWorld } from '../kit/changes.ts';
import {
  PAGERDUTY_TOKEN,
  SCHEDULE,
  SIGNING,
  startPagerduty,
  type PagerdutyServer,
} from '../kit/pagerduty-server.ts';

const HOUR_MS = 3_600_000;
const cora = { id: 'PXPGF42', summary: 'Cora', email: 'cora@example.com' };
const rolf = { id: 'PAM4FGS', summary: 'Rolf', email: 'rolf@example.com' };
const stranger = { id: 'PSTRANG', summary: 'Cora', email: 'c0ra@example.com' };

let peer: PagerdutyServer;
let world: ChangeWorld;
let robot: string;
beforeAll(async () => {
  peer = await startPagerduty();
  const token = new Secret(PAGERDUTY_TOKEN);
  const connection = pagerdutyConnection(
    {
      api: peer.url,
      token: { env: 'NONE' },
      incidents: { priorities: { P2: 'S2' }, high: 'S1', low: 'S3' },
    },
    { token, hooks: [new Secret(SIGNING)] },
  );
  world = await startChangeWorld(undefined, {
    connections: { all: [connection], mask: masking([token]) },
  });
  robot = (await world.server.account('robot', { kind: 'service', scopes: ['ask', 'read'] })).token;
});
afterAll(async () => {
  await world.server.stop();
  await peer.stop();
});
beforeEach(async () => {
  peer.behave('well');
  Object.assign(peer, { oncalls: [shift(cora, -1, 200)], overrides: [], incidents: [] });
  await askAnew();
});

const shift = (user: typeof cora, from: number, to: number) => ({
  user,
  start: new Date(Date.now() + from * HOUR_MS).toISOString(),
  end: new Date(Date.now() + to * HOUR_MS).toISOString(),
});
const askAnew = () => {
  endRests(world.server.context);
  return askPeersByTheClock(world.server.context);
};
const admin = (method: string, path: string, body?: unknown) =>
  world.server.ask(method, `/api/v1${path}`, {
    token: world.server.admin.token,
    ...(body !== undefined && { body }),
  });
const people = [
  { email: 'CORA@example.com', person: 'cora' },
  { account: rolf.id, person: 'rolf' },
];
const add = (more: object = {}) =>
  admin('PUT', '/rota/sources/eoc', { connection: 'pagerduty', schedule: SCHEDULE, people, ...more });
const eocNow = async () => (await admin('GET', '/rota/at')).body.onDuty.eoc;
const active = async () =>
  (await admin('GET', '/incidents')).body.incidents.filter(
    ({ status }: { status: string }) => status === 'active',
  );
/** A gate of a pipeline, or of a request; asked as if nobody had asked a moment ago. */
const gate = async (body: object) => {
  endRests(world.server.context);
  return expectStatus(await world.server.ask('POST', '/api/v1/decisions', { token: robot, body }), 200).body;
};
const ask = {
  environment: 'illumidesk.com',
  criticality: 'C4',
  severity: 'S4',
  estimateMinutes: 5,
  rollbackMinutes: 5,
};
type Verdicts = readonly { readonly rule: string; readonly verdict: string; readonly because: string }[];
const verdictOf = ({ verdicts }: { readonly verdicts: Verdicts }, rule: string) =>
  verdicts.find((one) => one.rule === rule);
/** Lets what was heard be as old as this. */
const age = (minutes: number) =>
  world.asOwner(`
    update peer_answers set asked_at = asked_at - interval '${minutes} min';
    update rota_sources set good_at = good_at - interval '${minutes} min',
      good_until = good_until - interval '${minutes} min' where removed_at is null`);

const turn = async () => {
  await world.asOwner('update outbox set next_attempt_at = now() where delivered_at is null');
  await deliverDue(world.server.context);
  for (const { connection, direction } of queuesOf(world.server.context))
    await carry(world.server.context, connection, direction);
};
const hook = (sent: { readonly headers: Record<string, string>; readonly body: string }) =>
  fetch(`${world.server.url}/api/v1/hooks/pagerduty`, { method: 'POST', ...sent });
const shown = async () => (await admin('GET', '/integrations')).body.connections[0];
const eocAt = async (hours: number) => {
  const instant = encodeURIComponent(new Date(Date.now() + hours * HOUR_MS).toISOString());
  return (await admin('GET', `/rota/at?instant=${instant}`)).body.onDuty.eoc;
};

describe('a rota from PagerDuty', () => {
  it('is laid by e-mail or id, overrides shown, and a look-alike leaves a gap', async () => {
    peer.oncalls = [shift(cora, -1, 10), shift(rolf, 10, 12), shift(stranger, 12, 14), shift(cora, 14, 99)];
    peer.overrides = [shift(rolf, 10, 12)];
    const { body } = expectStatus(await add(), 200);
    expect(body).toMatchObject({
      host: 'pagerduty',
      connection: 'pagerduty',
      schedule: SCHEDULE,
      failure: null,
      lapsed: false,
      overrides: [{ person: 'rolf' }],
      unmapped: [{ summary: 'Cora', because: 'it names nobody of the table' }],
    });
    expect(await Promise.all([0, 11, 13, 15].map(eocAt))).toEqual(['cora', 'rolf', undefined, 'cora']);
    const before = (await world.server.ledger()).length;
    await askAnew();
    expect((await world.server.ledger()).length).toBe(before);
  });

  it.each([
    ['of a peer that there is not', { connection: 'opsgenie' }],
    ['of a schedule that leads elsewhere', { schedule: '../users' }],
    ['and of an address too', { url: 'https://example.com/rota.ics' }],
    ['of an account that there is not', { people: [{ account: 'PXPGF42', person: 'nobody-yet' }] }],
  ])('%s is refused', async (_what, more) => {
    expect(await add(more)).toMatchObject({ status: 400, body: { code: 'invalid' } });
  });

  it('is asked anew at the gate: whoever took over a moment ago is on duty', async () => {
    expectStatus(await add(), 200);
    const change = await world.open();
    expect(await eocNow()).toBe('cora');
    peer.oncalls = [shift(rolf, -1, 99)];
    await gate({ change: change.id, action: 'start' });
    expect(await eocNow()).toBe('rolf');
  });

  it('that does not answer counts for a while; then the gate that needs it says unknown, and why', async () => {
    expectStatus(await add(), 200);
    const change = await world.open();
    expectStatus(await change.approve(world.cora, 'eoc'), 201);
    peer.behave('busy');
    const young = await gate({ change: change.id, action: 'start' });
    expect(verdictOf(young, 'eoc-written-issue')?.verdict).toBe('deny');
    await age(6);
    const stale = await gate({ change: change.id, action: 'start' });
    expect(verdictOf(stale, 'eoc-written-issue')).toMatchObject({
      verdict: 'unknown',
      because: expect.stringMatching(
        /nobody is on the EOC rota at that time \(pagerduty, which sets it, was last heard at .*503; make it answer/,
      ),
    });
    expect((await admin('GET', '/rota/sources')).body.sources[0]).toMatchObject({ lapsed: true });
    peer.behave('well');
    const again = await gate({ change: change.id, action: 'start' });
    expect(verdictOf(again, 'eoc-written-issue')?.verdict).toBe('deny');
  });
});

it('asks nobody what a gate does not need, and goes on without', async () => {
  expectStatus(await add(), 200);
  await age(6);
  peer.asked.length = 0;
  expect(verdictOf(await gate(ask), 'no-active-incident')?.verdict).toBe('pass');
  expect(peer.asked.map((path) => path.split('?')[0])).toEqual(['/incidents']);
  expect((await admin('GET', '/rota/sources')).body.sources[0]).toMatchObject({ lapsed: true });
});

describe('incidents of PagerDuty', () => {
  it('block a gate from the instant that PagerDuty has them, without a webhook', async () => {
    expect(verdictOf(await gate(ask), 'no-active-incident')?.verdict).toBe('pass');
    peer.incidents = [{ id: 'PT4KHLK', status: 'triggered', urgency: 'high', title: 'Shop down' }];
    expect(verdictOf(await gate(ask), 'no-active-incident')?.verdict).toBe('deny');
    expect(await active()).toMatchObject([{ title: 'Shop down', severity: 'S1', source: 'pagerduty' }]);
    peer.incidents = [];
    await gate(ask);
    // It left the list, and PagerDuty does not say that it is over.
    expect(await active()).toHaveLength(1);
    peer.incidents = [{ id: 'PT4KHLK', status: 'resolved', urgency: 'high' }];
    expect(verdictOf(await gate(ask), 'no-active-incident')?.verdict).toBe('pass');
    expect(await active()).toEqual([]);
  });

  it('grow worse with their priority', async () => {
    peer.incidents = [{ id: 'PWORSE1', status: 'acknowledged', urgency: 'low' }];
    await askAnew();
    expect(await active()).toMatchObject([{ severity: 'S3' }]);
    peer.incidents[0]!.priority = 'P2';
    await askAnew();
    expect(await active()).toMatchObject([{ severity: 'S2' }]);
    peer.incidents[0]!.status = 'resolved';
    await askAnew();
  });

  it('are as the API says, whatever a webhook says, as often as it comes', async () => {
    peer.incidents = [{ id: 'PGR0VU2', status: 'triggered', urgency: 'high' }];
    const resolved = peer.webhook({ id: 'event-1', type: 'incident.resolved', at: '2020-01-01T00:00:00Z' });
    const answers = await Promise.all(
      Array.from({ length: 10 }, () =>
        hook(resolved).then(async (one) => (await one.json()) as { heard: string }),
      ),
    );
    expect(answers.filter(({ heard }) => heard === 'new')).toHaveLength(1);
    await turn();
    expect(await active()).toHaveLength(1);
    const forged = peer.webhook({ id: 'event-2', type: 'incident.resolved' }, ['another-secret']);
    expect((await hook(forged)).status).toBe(401);
    peer.incidents[0]!.status = 'resolved';
    expect((await hook(peer.webhook({ id: 'event-3', type: 'incident.triggered' }))).status).toBe(200);
    await turn();
    expect(await active()).toEqual([]);
  });

  it('are unknown once they were not heard for too long, and unknown passes no gate', async () => {
    for (const how of ['busy', 'limiting', 'lying', 'gone', 'cut'] as const) {
      peer.behave(how);
      expect(verdictOf(await gate(ask), 'no-active-incident')?.verdict).toBe('pass');
    }
    await age(6);
    const answer = await gate(ask);
    expect(answer.allowed).toBe(false);
    expect(verdictOf(answer, 'no-active-incident')).toMatchObject({
      verdict: 'unknown',
      because: expect.stringMatching(
        /pagerduty, which has incidents for us, was last heard at .*integrations\.yaml/,
      ),
    });
  });

  it('rest on an answer that is kept with its bytes, and with no key in it', async () => {
    peer.behave('well');
    const { facts } = await gate(ask);
    expect(facts).toMatch(/^sha256:/);
    expect(await world.rows(`peer_answers where kept and heard and about = 'incidents'`)).toBeGreaterThan(0);
    await world.asOwner(`delete from peer_answers where not kept`);
    await expect(world.asOwner(`delete from peer_answers`)).rejects.toThrow('never deleted');
    peer.behave('echoing');
    await askAnew();
    expect(await world.rows(`peer_answers where raw::text like '%[secret]%'`)).toBeGreaterThan(0);
    expect(await world.rows(`peer_answers where raw::text like '%${PAGERDUTY_TOKEN}%'`)).toBe(0);
  });

  it('are shown with the peer: when it was last heard, and why not since', async () => {
    expect(await shown()).toMatchObject({ name: 'pagerduty', heardAt: expect.any(String), unheard: null });
    peer.behave('busy');
    await askAnew();
    expect(await shown()).toMatchObject({ unheard: expect.stringContaining('503') });
  });
});
