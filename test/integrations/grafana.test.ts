import { afterAll, beforeAll, expect, it } from 'vitest';
import { grafanaConnection } from '../../src/integrations/grafana/grafana.ts';
import { Secret } from '../../src/integrations/peer/secret.ts';
import { startGrafana } from '../kit/grafana.ts';
import { integrationContract } from '../kit/integration-contract.ts';
import type { Peer } from '../kit/peer.ts';

const mark = {
  id: 'key:1',
  about: 'change/CHG-1',
  text: 'CHG-1 begins',
  at: 1_700_000_000_000,
  tags: ['CHG-1', 'start'],
};
const open = (peer: Peer, secret: string) =>
  grafanaConnection({ url: `${peer.url}/`, token: { env: 'NONE' } }, new Secret(secret));
let turn = 0;

integrationContract({
  name: 'grafana',
  peer: startGrafana,
  open,
  offers: {
    // Each asking is of another mark: one that is there is not made again, as the test below says.
    annotations: (connection, id, signal) =>
      connection.offers.annotations!.annotate({ ...mark, id: `${id}:${(turn += 1)}` }, signal),
  },
  idOf: null,
});

let peer: Peer;
beforeAll(async () => {
  peer = await startGrafana();
});
afterAll(() => peer.stop());

it('makes a mark that is asked for twice once', async () => {
  const annotate = () =>
    open(peer, 'a-token-of-grafana').offers.annotations!.annotate(mark, AbortSignal.timeout(5_000));
  expect([await annotate(), await annotate()]).toEqual([
    { kind: 'taken', receipt: '1' },
    { kind: 'taken', receipt: '1' },
  ]);
  expect(peer.heard()).toEqual([
    { id: 1, time: mark.at, text: mark.text, tags: ['interlock', 'CHG-1', 'start', 'interlock:key:1'] },
  ]);
});
