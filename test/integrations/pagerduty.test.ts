import { gzipSync } from 'node:zlib';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RawAnswer } from '../../src/contract/monitoring.ts';
import type { Connection, Seen, Taken } from '../../src/app/ports/connection.ts';
import { pagerdutyConnection } from '../../src/integrations/pagerduty/pagerduty.ts';
import { Secret } from '../../src/integrations/peer/secret.ts';
import { integrationContract } from '../kit/integration-contract.ts';
import {
  PAGERDUTY_TOKEN,
  SCHEDULE,
  SIGNING,
  startPagerduty,
  type FakeOncall,
  type PagerdutyServer,
} from '../kit/pagerduty-server.ts';

const HOUR_MS = 3_600_000;
const NOW = Date.parse('2026-11-28T12:00:00Z');
const at = (hours: number) => new Date(NOW + hours * HOUR_MS).toISOString();
const settings = { priorities: { P2: 'S2' }, high: 'S1', low: 'S3' } as const;

const pagerduty = (
  { url }: { readonly url: string },
  {
    secret = PAGERDUTY_TOKEN,
    incidents = {},
    hooks = [SIGNING],
  }:
    | Record<string, never>
    | {
        readonly secret?: string;
        readonly incidents?: object;
        readonly hooks?: readonly string[];
      } = {},
) =>
  pagerdutyConnection(
    { api: url, token: { env: 'NONE' }, incidents: { ...settings, ...incidents } },
    { token: new Secret(secret), hooks: hooks.map((one) => new Secret(one)) },
  );
const looking = (signal = AbortSignal.timeout(5_000), raw: RawAnswer[] = []) => ({
  signal,
  note: (one: RawAnswer) => void raw.push(one),
});
const shifts = (connection: Connection, signal?: AbortSignal, schedule = SCHEDULE, raw?: RawAnswer[]) =>
  connection.offers.onCall!.shifts(
    { schedule, from: NOW, to: NOW + 42 * 24 * HOUR_MS, writtenSince: 0 },
    looking(signal, raw),
  );
/** What a look comes to, in the words of the contract. */
const taken = async (look: Promise<Seen<unknown>>): Promise<Taken> => {
  const seen = await look;
  return seen.kind === 'seen' ? { kind: 'taken', receipt: JSON.stringify(seen.found) } : seen;
};
const found = async <T>(look: Promise<Seen<T>>): Promise<T> => {
  const seen = await look;
  if (seen.kind !== 'seen') throw new Error(seen.because);
  return seen.found;
};

integrationContract({
  name: 'pagerduty',
  peer: () => startPagerduty(null),
  open: (peer, secret) => pagerduty(peer, { secret }),
  offers: {
    onCall: (connection, _id, signal) => taken(shifts(connection, signal)),
    incidents: (connection, _id, signal) => taken(connection.offers.incidents!.open(looking(signal))),
  },
  idOf: null,
});

const cora = { id: 'PXPGF42', summary: 'Cora', email: 'Cora@example.com' };
const rolf = { id: 'PAM4FGS', summary: 'Rolf' };

describe('pagerduty', () => {
  let peer: PagerdutyServer;
  beforeAll(async () => {
    peer = await startPagerduty();
  });
  afterAll(() => peer.stop());
  beforeEach(() => {
    Object.assign(peer, { oncalls: [], overrides: [], incidents: [] });
    peer.asked.length = 0;
  });
  const incidents = (more: object = {}) => pagerduty(peer, { incidents: more }).offers.incidents!;

  it('reads every page of who is on call by a schedule, once each, with what was put over the plan', async () => {
    const many = Array.from({ length: 230 }, (_, hour) => ({
      user: cora,
      start: at(hour),
      end: at(hour + 1),
    }));
    const twice: FakeOncall = { user: rolf, start: at(300), end: at(310) };
    peer.oncalls = [...many, twice, twice, { user: cora, start: at(0), end: at(9), schedule: 'POTHER1' }];
    peer.overrides = [twice];
    const raw: RawAnswer[] = [];
    const read = await found(shifts(pagerduty(peer), undefined, SCHEDULE, raw));
    expect(read).toHaveLength(231);
    expect(read[0]).toEqual({
      summary: 'Cora',
      emails: ['cora@example.com'],
      accounts: ['PXPGF42'],
      override: false,
      span: { start: NOW, end: NOW + HOUR_MS },
      because: null,
    });
    expect(read.at(-1)).toMatchObject({ accounts: ['PAM4FGS'], emails: [], override: true });
    expect(raw.map(({ request, status }) => [request.split('?')[0], status])).toEqual([
      ['GET /oncalls', 200],
      ['GET /oncalls', 200],
      ['GET /oncalls', 200],
      [`GET /schedules/${SCHEDULE}/overrides`, 200],
    ]);
  });

  it.each([
    ['without a zone', { start: '2026-11-28T12:00:00', end: at(4) }],
    ['backwards', { start: at(4), end: at(1) }],
    ['without an end', { start: at(0), end: null }],
    ['of a century', { start: at(0), end: '2126-01-01T00:00:00Z' }],
    ['of no calendar', { start: '2026-13-45T12:00:00Z', end: at(4) }],
  ])('has no time for a shift %s, and does not leave it out', async (_what, span) => {
    peer.oncalls = [{ user: cora, ...span }];
    expect(await found(shifts(pagerduty(peer)))).toMatchObject([
      { span: null, because: 'its time cannot be told' },
    ]);
  });

  it('believes no list that does not end, and no key that is not taken', async () => {
    peer.oncalls = Array.from({ length: 1_100 }, (_, hour) => ({
      user: cora,
      start: at(hour / 2),
      end: at(hour / 2 + 0.5),
    }));
    expect(await shifts(pagerduty(peer))).toMatchObject({
      kind: 'later',
      because: expect.stringContaining('1000'),
    });
    expect(await shifts(pagerduty(peer, { secret: 'another-key' }))).toMatchObject({
      kind: 'later',
      because: expect.stringContaining('401'),
    });
  });

  it('has as open what is triggered or acknowledged of its services, by priority or urgency', async () => {
    peer.incidents = [
      { id: 'P1', status: 'triggered', urgency: 'high' },
      { id: 'P2', status: 'acknowledged', urgency: 'low' },
      { id: 'P3', status: 'triggered', urgency: 'low', priority: 'P2' },
      { id: 'P4', status: 'triggered', urgency: 'low', priority: 'unheard of' },
      { id: 'P5', status: 'triggered', urgency: 'high', service: 'POTHER1' },
      { id: 'P6', status: 'resolved', urgency: 'high' },
    ];
    const open = await found(incidents({ services: ['PIJ90N7'] }).open(looking()));
    expect(open.map(({ key, severity }) => [key, severity])).toEqual([
      ['P1', 'S1'],
      ['P2', 'S3'],
      ['P3', 'S2'],
      ['P4', 'S1'],
    ]);
    expect(await found(incidents({ urgencies: ['low'] }).open(looking()))).toHaveLength(3);
    const over = await Promise.all(['P1', 'P6'].map((id) => found(incidents().isOver(id, looking()))));
    expect(over).toEqual([false, true]);
    expect(await incidents().isOver('PGONE', looking())).toMatchObject({ kind: 'refused' });
  });

  it('hears by any live secret over the bytes, by its id once, and nothing of what it says', () => {
    const hear = (sent: { headers: Record<string, string>; body: string }, hooks = [SIGNING]) =>
      pagerduty(peer, { hooks }).hears!({
        headers: sent.headers,
        body: Buffer.from(sent.body),
        receivedAtMs: NOW,
      });
    const sent = peer.webhook({ id: 'e-1', type: 'incident.resolved', at: '2020-01-01T00:00:00Z' });
    expect(hear(sent)).toEqual({ kind: 'heard', delivery: 'e-1', events: [{ kind: 'incidents-touched' }] });
    const both = peer.webhook({ id: 'e-2', type: 'incident.triggered' }, ['an-older-secret', SIGNING]);
    expect(hear(both)).toMatchObject({ kind: 'heard' });
    expect(hear(both, ['the-next-secret', 'an-older-secret'])).toMatchObject({ kind: 'heard' });
    expect(hear(peer.webhook({ id: 'e-3', type: 'pagey.ping' }))).toMatchObject({ events: [] });
    const signature = sent.headers['x-pagerduty-signature']!;
    for (const wrong of [
      '',
      signature.toUpperCase(),
      signature.slice(0, -1),
      signature.replace('v1=', 'v2='),
    ])
      expect(hear({ ...sent, headers: { 'x-pagerduty-signature': wrong } })).toEqual({ kind: 'unverified' });
    const again = JSON.stringify(JSON.parse(sent.body), null, 1);
    expect(hear({ ...sent, body: again })).toEqual({ kind: 'unverified' });
  });
});

describe('a peer that answers badly', () => {
  const bad: Record<string, (response: ServerResponse) => void> = {
    'one byte at a time': (response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const drip = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(drip));
    },
    'a body without an end': (response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const more = () => response.write(Buffer.alloc(262_144, 32), (error) => error ?? more());
      more();
    },
    'a gzip bomb': (response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(4_194_304, 32))),
    'a redirect': (response) => response.writeHead(302, { location: '/incidents' }).end(),
    'a page of another place': (response) =>
      response.end('{"oncalls":[],"incidents":[],"more":false,"offset":100,"limit":100}'),
  };

  it.each(Object.keys(bad))('with %s is not heard, and nobody waits for it', async (how) => {
    const server = createServer((_request, response) => bad[how]?.(response));
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const looks = [
      shifts(pagerduty({ url }), AbortSignal.timeout(200)),
      pagerduty({ url }).offers.incidents!.open(looking(AbortSignal.timeout(200))),
    ];
    for (const seen of await Promise.all(looks)) expect(seen.kind).not.toBe('seen');
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  });
});
