import { createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { againAfter, SCHEDULES } from '../../src/app/outside/again.ts';
import { attempt } from '../../src/app/outside/attempt.ts';
import { mailConnection } from '../../src/integrations/mail/mail.ts';
import { outsideOf } from '../../src/integrations/outbound/outside.ts';
import { everything } from '../kit/attacks.ts';
import { startChangeWorld, type ChangeWorld, type OpenedChange } from '../kit/changes.ts';
import {
  BOMB,
  HOSTILE,
  startHostilePeer,
  type HostileManner,
  type HostilePeer,
} from '../kit/hostile-peer.ts';
import { closed, type Peer } from '../kit/peer.ts';
import {
  askedConnections,
  askedElsewhere,
  livesBy,
  proofBy,
  startMetadata,
  type Asking,
} from '../kit/peers-asked.ts';

// TRUST.md section 5, attacks 26 and 46, from the other side: what a peer may answer when it is asked.
let world: ChangeWorld;
let peer: HostilePeer;
let change: OpenedChange;
let metadata: Peer;
let askings: Readonly<Record<string, Asking>>;
let elsewhere: Readonly<Record<string, Asking>>;
beforeAll(async () => {
  [peer, world] = [await startHostilePeer(), await startChangeWorld()];
  [change, metadata] = [await world.open(), await startMetadata(peer.url)];
  [askings, elsewhere] = [askedConnections(peer.url), askedElsewhere(peer.url, metadata.url)];
});
afterAll(async () => {
  await world.server.stop();
  await Promise.all([peer.stop(), metadata.stop()]);
});

const WITHIN_MS = 250;
/** More than any of them reads of an answer on average, with what a socket holds besides. */
const MOST_BYTES = 8 * 1_048_576;
/** What a proof of monitoring asks, at least. */
const PROBES = 10;
/** Where only a time-out helps: theirs, of those that are not asked from the outbox, is longer than a test. That it ends is tried in outbound.test.ts. */
const SLOW = new Set<HostileManner>([
  'sends one byte at a time',
  'hangs after its headers',
  'sends headers without end',
]);
/** Of these a proof of monitoring, which asks some twenty things, would take seconds of a test: each of them is asked for one thing alone. */
const COSTLY = new Set<HostileManner>([...SLOW, 'sends without end', 'nests without end']);
const decided = async () => {
  const { verdict } = await change.show(world.ana);
  expect(verdict.decision.verdicts.length).toBeGreaterThan(5);
};

describe.each(HOSTILE)('a peer that %s', (manner) => {
  it('has taken nothing, is let go of, and keeps no decision waiting', async () => {
    peer.behave(manner);
    const before = await everything(world.server);
    const all = { ...askings, ...(SLOW.has(manner) ? {} : elsewhere) };
    const said = Object.entries(all).map(async ([name, asking]) => {
      const answer = await attempt(asking, (text) => text, WITHIN_MS);
      expect(answer, name).toMatchObject({ kind: 'later', because: expect.stringMatching(/./) });
      if (answer.kind !== 'later') return;
      // What a peer says may put a message off for an hour, and no longer.
      expect(againAfter(SCHEDULES.connection, 1, answer.retryAfterMs), name).toBeLessThanOrEqual(3_600_000);
    });
    const alive = COSTLY.has(manner) ? Promise.resolve([]) : livesBy(peer.url);
    await Promise.all([...said, decided(), alive]);
    expect(await alive).toEqual([]);
    await peer.letGo();
    expect(peer.lured()).toBe(0);
    expect(peer.sent() / (said.length + PROBES)).toBeLessThan(MOST_BYTES);
    expect(await everything(world.server)).toEqual(before);
  });
});

it('an answer without end is left as soon as it is too long, not when its time is over', async () => {
  peer.behave('sends without end');
  for (const [name, asking] of Object.entries({ ...askings, ...elsewhere })) {
    const said = await attempt(asking, (text) => text, 5_000);
    expect(said.kind === 'later' && said.because, name).toMatch(/longer one|none that can be read/);
  }
});

it('10 KB that are 4 GiB are unpacked by nobody: the answer is refused as what came', async () => {
  expect(BOMB.length).toBeLessThan(12_000);
  peer.behave('packs a bomb');
  const all = Object.entries({ ...askings, ...elsewhere });
  for (const [name, asking] of all) {
    const said = await attempt(asking, (text) => text, 5_000);
    // Neither a time that was over nor a limit that was reached: nothing grew.
    expect(said.kind === 'later' && said.because, name).toMatch(
      /not packed|something else|can be read|utf-8|OAUTH_PARSE_ERROR/,
    );
  }
  const { probes } = await proofBy(peer.url, 5_000);
  const raw = probes.flatMap((probe) => probe.raw);
  expect(raw.length).toBeGreaterThan(10);
  for (const { body } of raw) expect(body).toBe('an answer that is not packed wanted; got one that is');
  await peer.letGo();
  // All of it together is less than one of them would unpack.
  expect(peer.sent()).toBeLessThan(1_048_576);
});

describe('a mail server', () => {
  const SAYS: Readonly<Record<string, (socket: Socket) => void>> = {
    'says nothing': () => undefined,
    'greets without end': (socket) => {
      const more = () =>
        void (socket.destroyed || socket.write('220-welcome\r\n'.repeat(5_000), () => setImmediate(more)));
      more();
    },
    'greets one byte at a time': (socket) => {
      const timer = setInterval(() => socket.write('2'), 5);
      socket.on('close', () => clearInterval(timer));
    },
    'says that it is HTTP': (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'),
    'is busy': (socket) => socket.end('421 4.7.0 Try again later\r\n'),
    'answers every word with one that is none': (socket) =>
      socket.on('data', () => socket.write('\0\xff\r\n')).write('220 x\r\n'),
  };

  it.each(Object.keys(SAYS))('that %s has taken nothing, and is let go of', async (manner) => {
    const sockets: Socket[] = [];
    const server = createServer((socket) => {
      sockets.push(socket.on('error', () => undefined));
      SAYS[manner]!(socket);
    });
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    const { port } = server.address() as { port: number };
    const mail = mailConnection(
      { host: '127.0.0.1', port, security: 'none', from: 'changes@example.com' },
      null,
    ).offers.mail!;
    const message = { id: 'key:1', about: 'change/CHG-1', to: ['ops@example.com'], subject: 'x', text: 'x' };
    const [said] = await Promise.all([
      attempt(
        (signal) => mail.send(message, signal),
        (text) => text,
        WITHIN_MS,
      ),
      decided(),
    ]);
    expect(said).toMatchObject({ kind: 'later' });
    await Promise.all(sockets.map(closed));
    await new Promise((done) => server.close(done));
  });
});

it('an address that somebody registered hears nothing twice of a peer that leads elsewhere or never ends', async () => {
  const outside = outsideOf({ allowPrivate: true });
  const post = () => outside.post(peer.url, { headers: {}, body: '{}' });
  peer.behave('leads to an address inside');
  expect(await post()).toMatchObject({ status: 307 });
  peer.behave('wants to be left alone for thirty years');
  const { retryAfterMs } = await post();
  expect(againAfter(SCHEDULES.webhook, 1, retryAfterMs)).toBeLessThanOrEqual(3_600_000);
  peer.behave('sends without end');
  await expect(post()).rejects.toThrow('expected an answer of at most');
  await peer.letGo();
  expect([peer.lured(), peer.sent() < MOST_BYTES]).toEqual([0, true]);
});
