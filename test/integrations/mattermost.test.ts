import { expect, it } from 'vitest';
import { mattermostConnection } from '../../src/integrations/mattermost/mattermost.ts';
import { Secret } from '../../src/integrations/peer/secret.ts';
import { integrationContract } from '../kit/integration-contract.ts';
import { hookPath, startMattermost } from '../kit/mattermost.ts';

const message = { id: 'say:1', about: 'change/CHG-1', body: 'CHG-1 is about to start.', thread: null };

integrationContract({
  name: 'mattermost',
  peer: startMattermost,
  open: (peer, secret) => mattermostConnection(new Secret(`${peer.url}${hookPath(secret)}`)),
  offers: { chat: (connection, id, signal) => connection.offers.chat!.post({ ...message, id }, signal) },
  idOf: null,
});

it('calls nobody by name, and shows what people wrote as it is', async () => {
  const peer = await startMattermost();
  const { chat } = mattermostConnection(new Secret(`${peer.url}${hookPath('a-secret')}`)).offers;
  await chat!.post(
    { ...message, body: '@channel **now** [here](https://evil.example)' },
    AbortSignal.timeout(5_000),
  );
  expect(peer.heard()).toEqual([String.raw`@${'\u200B'}channel \*\*now\*\* \[here\](https://evil.example)`]);
  await peer.stop();
});
