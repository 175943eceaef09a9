import { afterAll, beforeAll, expect, it } from 'vitest';
import { mastodonConnection } from '../../src/integrations/mastodon/mastodon.ts';
import { Secret } from '../../src/integrations/peer/secret.ts';
import { integrationContract } from '../kit/integration-contract.ts';
import { startMastodon, type Post } from '../kit/mastodon.ts';
import type { Peer } from '../kit/peer.ts';

const settings = (url: string) => ({
  url,
  token: { env: 'NONE' },
  visibility: 'unlisted' as const,
  language: 'en',
});
const word = { id: 'told:CHG-1:start:RUN-1:mastodon', about: 'change/CHG-1', body: 'Maintenance begins.' };

integrationContract({
  name: 'mastodon',
  peer: startMastodon,
  open: (peer, secret) => mastodonConnection(settings(peer.url), new Secret(secret)),
  offers: { posts: (connection, id, signal) => connection.offers.posts!.post({ ...word, id }, signal) },
  idOf: (heard) => (heard as Post).key,
});

let peer: Peer;
beforeAll(async () => {
  peer = await startMastodon();
});
afterAll(() => peer.stop());
const post = (body: string, id = word.id) =>
  mastodonConnection(settings(peer.url), new Secret('a-token-of-mastodon')).offers.posts!.post(
    { ...word, body, id },
    AbortSignal.timeout(5_000),
  );

it('posts as the file says, and what is sent twice once', async () => {
  const [first, second] = [await post('Soon.'), await post('Soon.')];
  expect([first, second]).toEqual([first, first]);
  expect(peer.heard().at(-1)).toMatchObject({ status: 'Soon.', visibility: 'unlisted', language: 'en' });
});

it('cuts what no server takes, by whole characters', async () => {
  await post('🛠'.repeat(600), 'long');
  const { status } = peer.heard().at(-1) as Post;
  expect(Array.from(status).length).toBe(500);
  expect(status.isWellFormed()).toBe(true);
});
