import { alertmanagerConnection } from '../../src/integrations/alertmanager/connection.ts';
import { expect, it } from 'vitest';
import { integrationContract } from '../kit/integration-contract.ts';
import { httpPeer, type PeerRequest } from '../kit/peer.ts';

// How it goes with a real Alertmanager says test/http/silences.test.ts: that one does not misbehave when it is told to.
let turn = 0;
const answer = ({ method, path, body }: PeerRequest) => {
  if (path === '/api/v2/status') return { status: 200, json: { versionInfo: { version: '0.28.0' } } };
  if (path !== '/api/v2/silences') return { status: 404, json: {} };
  if (method === 'GET') return { status: 200, json: [] };
  return { status: 200, json: { silenceID: `s-${(turn += 1)}` }, took: JSON.parse(body.toString()) };
};

integrationContract({
  name: 'alertmanager',
  peer: () => httpPeer(answer),
  open: (peer, secret) => alertmanagerConnection(`http://interlock:${secret}@127.0.0.1:${peer.port}`),
  offers: {
    silences: (connection, id, signal) =>
      connection.offers.silences!.silence(
        {
          id,
          about: 'change/CHG-1',
          matchers: { instance: 'db-01' },
          from: 0,
          to: 1,
          by: 'ben',
          comment: 'CHG-1',
          known: null,
        },
        signal,
      ),
  },
  idOf: (heard) => /\[(.+)\]$/.exec((heard as { comment: string }).comment)?.[1] ?? '',
});

it('has not ended a silence that still stands, whatever the peer says to the asking', async () => {
  let state = 'active';
  let believed = false;
  const peer = await httpPeer(({ method }) => {
    if (method === 'DELETE' && believed) state = 'expired';
    return {
      status: 200,
      json: method === 'GET' ? [{ id: 's-1', comment: 'CHG-1', status: { state } }] : {},
    };
  });
  const end = () =>
    alertmanagerConnection(peer.url).offers.silences!.expire('s-1', AbortSignal.timeout(5_000));
  expect(await end()).toMatchObject({ kind: 'later', because: expect.stringContaining('still stands') });
  believed = true;
  expect(await end()).toEqual({ kind: 'taken', receipt: 's-1' });
  await peer.stop();
});
