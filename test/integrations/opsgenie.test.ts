import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Seen, Taken } from '../../src/app/ports/connection.ts';
import { opsgenieConnection } from '../../src/integrations/opsgenie/opsgenie.ts';
import { Secret } from '../../src/integrations/peer/secret.ts';
import { shiftsOfTimeline } from '../../src/integrations/timeline/timeline.ts';
import { integrationContract } from '../kit/integration-contract.ts';
import { OPSGENIE_SCHEDULE, startOpsgenie, type OpsgenieServer } from '../kit/opsgenie-server.ts';

const HOUR_MS = 3_600_000;
const opsgenie = ({ url }: { readonly url: string }, { secret = 'genie-key', user = '' } = {}) =>
  opsgenieConnection(
    { api: `${url}/v2`, token: { env: 'NONE' }, ...(user !== '' && { user }) },
    new Secret(secret),
  );

const look = (connection: ReturnType<typeof opsgenie>, signal = AbortSignal.timeout(5_000)) => {
  const from = Date.now();
  const question = { schedule: OPSGENIE_SCHEDULE, from, to: from + HOUR_MS, writtenSince: 0 };
  return connection.offers.onCall!.shifts(question, { signal, note: () => undefined });
};
const taken = async (seen: Seen<unknown>): Promise<Taken> =>
  seen.kind === 'seen' ? { kind: 'taken', receipt: JSON.stringify(seen.found) } : seen;
const found = async <T>(asked: Promise<Seen<T>>): Promise<T> => {
  const seen = await asked;
  if (seen.kind !== 'seen') throw new Error(seen.because);
  return seen.found;
};
const period = (from: number, to: number, more: object = {}) => ({
  startDate: new Date(Date.now() + from * HOUR_MS).toISOString(),
  endDate: new Date(Date.now() + to * HOUR_MS).toISOString(),
  recipient: { type: 'user', id: 'u-1', name: 'cora@example.com' },
  ...more,
});

integrationContract({
  name: 'opsgenie',
  peer: startOpsgenie,
  open: (peer, secret) => opsgenie(peer, { secret }),
  offers: {
    onCall: async (connection, _id, signal) => taken(await look(connection, signal)),
  },
  idOf: null,
});

describe('opsgenie', () => {
  let peer: OpsgenieServer;
  beforeAll(async () => {
    peer = await startOpsgenie();
  });
  afterAll(() => peer.stop());
  const read = (more = {}) => look(opsgenie(peer, more));

  it.each([
    ['Opsgenie', false, {}, /^GenieKey genie-key$/],
    ['Jira Service Management', true, { user: 'ops@example.com' }, /^Basic /],
  ])('reads the timeline of %s, overrides as what they are', async (_what, jira, more, authorization) => {
    Object.assign(peer, {
      jira,
      periods: [
        period(-1, 2),
        period(2, 4, { type: 'override', recipient: { type: 'user', id: 'u-2', name: 'rolf@example.com' } }),
        period(4, 6, { recipient: { type: 'team', id: 't-1', name: 'Databases' } }),
        period(6, 8, { recipient: { type: 'noone' } }),
      ],
    });
    const seen = await found(read(more));
    expect(seen.map(({ emails, override, because }) => [emails, override, because])).toEqual([
      [['cora@example.com'], false, null],
      [['rolf@example.com'], true, null],
      [[], false, 'expected a person on call, got a `team`'],
    ]);
    expect(peer.authorizations.at(-1)).toMatch(authorization);
  });

  it('believes neither where the timeline and the on-calls name others', async () => {
    Object.assign(peer, { jira: false, periods: [period(-1, 2)], now: ['rolf@example.com'] });
    expect(await read()).toMatchObject({ kind: 'later', because: expect.stringContaining('same persons') });
    peer.now = [];
    expect(await read()).toMatchObject({ kind: 'later' });
    peer.now = null;
    expect(await found(read())).toHaveLength(1);
  });

  it('is a file of the same form too, and nothing else is one', () => {
    const rotations = [{ periods: [period(0, 1)] }];
    expect(shiftsOfTimeline({ finalTimeline: { rotations } })).toHaveLength(1);
    for (const other of [null, [], {}, { data: {} }, { finalTimeline: { rotations: 'all' } }])
      expect(shiftsOfTimeline(other)).toBeNull();
  });
});
