import { inspect } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { attempt } from '../../src/app/outside/attempt.ts';
import type { Connection, Taken } from '../../src/app/ports/connection.ts';
import type { Peer } from './peer.ts';

/** What an island brings to the kit. */
export interface Island {
  readonly name: string;
  /** A small server that speaks what the peer documents, or the peer itself. */
  readonly peer: () => Promise<Peer>;
  /** The connection to it, with this secret. */
  readonly open: (peer: Peer, secret: string) => Connection;
  /** Each thing that it offers, done once; the id is the same in every attempt. */
  readonly offers: Readonly<
    Record<string, (connection: Connection, id: string, signal: AbortSignal) => Promise<Taken>>
  >;
  /** What the peer knows an attempt by, of what it heard; `null` where its protocol has nothing for that. */
  readonly idOf: ((heard: unknown) => string) | null;
}

const SECRET = 'xoxb-never-to-be-seen-0123456789';
const untold = (text: string) => text;

/**
 * What every island has to do: its own tests say what it does beside. None of this is told to the island: a peer that is busy, limits,
 * hangs, lies or is gone looks the same to whoever sends, whatever the peer is.
 */
export function integrationContract(island: Island): void {
  let peer: Peer;
  let connection: Connection;
  beforeAll(async () => {
    peer = await island.peer();
    connection = island.open(peer, SECRET);
  });
  afterEach(() => peer.behave('well'));
  afterAll(() => peer.stop());

  describe(`${island.name}, as every integration`, () => {
    it('shows its secret nowhere, and says what it offers', () => {
      expect(
        `${inspect(connection, { depth: 9, showHidden: true })}${JSON.stringify(connection)}`,
      ).not.toContain(SECRET);
      expect(Object.keys(connection.offers).toSorted()).toEqual(Object.keys(island.offers).toSorted());
    });

    it('says by a live test whether the peer would take something, and leaves nothing there', async () => {
      expect(await attempt((signal) => connection.test(signal), untold)).toMatchObject({ kind: 'taken' });
      expect(peer.heard()).toEqual([]);
      peer.behave('gone');
      const said = await attempt((signal) => connection.test(signal), untold);
      expect(said.kind).not.toBe('taken');
    });

    for (const [what, offer] of Object.entries(island.offers)) offerContract(what, offer);
  });

  function offerContract(what: string, offer: Island['offers'][string]): void {
    const ask = (id = 'key:1', withinMs?: number) =>
      attempt((signal) => offer(connection, id, signal), untold, withinMs);

    describe(what, () => {
      it('is taken once, with a receipt', async () => {
        const before = peer.heard().length;
        const taken = await ask();
        expect(taken).toMatchObject({ kind: 'taken', receipt: expect.stringMatching(/./) });
        expect(peer.heard().length).toBe(before + 1);
      });

      it('bears the same id in every attempt, and another one the next time', async () => {
        if (island.idOf === null) return;
        await ask('key:7');
        await ask('key:7');
        await ask('key:8');
        const [first, second, third] = peer.heard().slice(-3).map(island.idOf);
        expect(first).toBeTruthy();
        expect([second, third === first]).toEqual([first, false]);
      });

      it.each(['busy', 'cut'] as const)('is worth another attempt where the peer is %s', async (how) => {
        peer.behave(how);
        expect(await ask()).toMatchObject({ kind: 'later' });
      });

      it('waits as long as a peer that limits says', async () => {
        peer.behave('limiting');
        const said = await ask();
        expect(said).toMatchObject({ kind: 'later' });
        if (peer.saysHowLong) expect(said).toMatchObject({ retryAfterMs: 7_000 });
      });

      it('is given up where the peer understood, and will not', async () => {
        peer.behave('refusing');
        expect(await ask()).toMatchObject({ kind: 'refused' });
      });

      it('is not taken by a peer that says all is well in other words than its own', async () => {
        peer.behave('lying');
        expect((await ask()).kind).not.toBe('taken');
      });

      it('does not wait for a peer that hangs, and lets go of it', async () => {
        peer.behave('hanging');
        expect(await ask('key:1', 100)).toMatchObject({ kind: 'later' });
        await peer.letGo();
      });

      it('is worth another attempt where nobody is there', async () => {
        peer.behave('gone');
        expect(await ask()).toMatchObject({ kind: 'later' });
      });

      it('says its secret in no word of it, whatever the peer answers', async () => {
        for (const how of ['busy', 'limiting', 'refusing', 'lying', 'echoing', 'gone'] as const) {
          peer.behave(how);
          const said = await attempt((signal) => offer(connection, 'key:1', signal), untold);
          const text = inspect(said, { depth: 9 });
          expect(text).not.toContain(SECRET);
          expect(text).not.toContain(Buffer.from(SECRET).toString('base64'));
        }
      });
    });
  }
}
