import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { confirmLock, expectStatus } from '../kit/changes.ts';
import { clockOf, type TestClock } from '../kit/clock.ts';
import { startServer, type TestAccount, type TestServer } from '../kit/server.ts';

// TRUST.md section 5, attacks 53 to 55, through the gate, under the shipped policy. The kernel's own edges, one by one and through
// fifty years, are in test/kernel/policy/time-edges. The clock only goes on, so the order of the tests is theirs.
let server: TestServer;
let clock: TestClock;
let ana: TestAccount;
beforeAll(async () => {
  server = await startServer({
    monitoring: {
      prove: (_environment, { nowMs }) =>
        Promise.resolve({
          prometheus: 'pass',
          alertmanager: 'pass',
          thanos: 'pass',
          probes: [],
          places: {},
          provedAt: new Date(nowMs).toISOString(),
        }),
    },
  });
  ana = await server.account('ana');
  clock = await clockOf(server);
});
afterAll(() => server.stop());

const OF_TIME = new Set(['allowed-hours', 'soft-lock', 'hard-lock']);

/** What the gate says at this instant, and which rules of time refuse. */
async function at(instant: string, more: Record<string, unknown> = {}) {
  await clock.set(instant);
  const body = {
    environment: 'illumidesk.com',
    criticality: 'C2',
    severity: 'S4',
    estimateMinutes: 0,
    rollbackMinutes: 0,
    ...more,
  };
  const answer = expectStatus(await server.ask('POST', '/api/v1/decisions', { token: ana.token, body }), 200);
  const recorded = JSON.parse(JSON.stringify((await server.ledger())[Number(answer.body.ledgerIndex)]));
  expect(recorded.outcome).toBe(answer.body.allowed ? 'allow' : 'deny');
  const verdicts: { rule: string; verdict: string }[] = answer.body.verdicts;
  const against = verdicts.filter(({ rule, verdict }) => OF_TIME.has(rule) && verdict !== 'pass');
  return { allowed: answer.body.allowed, rules: against.map(({ rule }) => rule) };
}

const YES = { allowed: true, rules: [] };
const no = (...rules: string[]) => ({ allowed: false, rules });
const HOURS = no('allowed-hours');
const NONE: Record<string, unknown> = {};
const MINUTE = { estimateMinutes: 1 };

describe('the hours of C2, to the millisecond (53)', () => {
  it.each([
    ['2027-11-10T05:59:59.999Z', NONE, YES],
    ['2027-11-10T06:00:00.000Z', NONE, HOURS],
    ['2027-11-10T21:59:59.999Z', NONE, HOURS],
    ['2027-11-10T22:00:00.000Z', NONE, YES],
    ['2027-11-10T23:59:59.999Z', MINUTE, YES],
    ['2027-11-11T00:00:00.000Z', NONE, YES],
    ['2027-11-11T05:59:00.000Z', MINUTE, YES],
    ['2027-11-11T05:59:00.001Z', MINUTE, HOURS],
    ['2027-12-31T23:59:59.999Z', MINUTE, YES],
    ['2028-01-01T00:00:00.000Z', NONE, YES],
    ['2028-02-28T23:59:59.999Z', MINUTE, YES],
    ['2028-02-29T05:59:59.999Z', NONE, YES],
    ['2028-02-29T06:00:00.000Z', NONE, HOURS],
    ['2028-02-29T23:59:59.999Z', MINUTE, YES],
    ['2028-03-01T00:00:00.000Z', NONE, YES],
  ])('%s, %j', async (instant, more, answer) => {
    expect(await at(instant, more)).toEqual(answer);
  });
});

it('a client that says what time it is says nothing (55)', async () => {
  await clock.set('2028-03-08T12:00:00.000Z');
  const body = { environment: 'illumidesk.com', criticality: 'C2', severity: 'S4' };
  for (const said of [{ at: '2028-03-07T23:00:00Z' }, { clock: Date.parse('2028-03-07T23:00:00Z') }]) {
    const sent = { token: ana.token, body: { ...body, ...said } };
    expect((await server.ask('POST', '/api/v1/decisions', sent)).body.code).toBe('invalid');
  }
  const headers = { date: 'Tue, 07 Mar 2028 23:00:00 GMT' };
  const sent = { token: ana.token, headers, body: { ...body, estimateMinutes: 0, rollbackMinutes: 0 } };
  expect((await server.ask('POST', '/api/v1/decisions', sent)).body.allowed).toBe(false);
});

const day = (kind: string, first: string, last: string) => ({
  kind,
  environments: ['illumidesk.com'],
  category: 'other',
  reason: 'A holiday.',
  first,
  last,
});

describe('the edges of locks (54)', () => {
  const C4 = { criticality: 'C4' };
  beforeAll(async () => {
    await clock.set('2028-03-10T12:00:00.000Z');
    const mona = await server.account('mona', { roles: ['management'] });
    const vera = await server.account('vera', { roles: ['vpe'] });
    for (const body of [day('soft', '2028-04-03', '2028-04-05'), day('hard', '2028-04-04', '2028-04-04')]) {
      const { id } = expectStatus(
        await server.ask('POST', '/api/v1/locks', { token: mona.token, body }),
        201,
      ).body;
      expectStatus(await confirmLock(server, vera, id), 200);
    }
  });

  it.each([
    ['the 22nd has not begun', '2028-03-22T05:59:59.999Z', NONE, YES],
    ['… and lets C4 through', '2028-03-22T08:59:59.999Z', C4, YES],
    ['… nor at its last millisecond before nine', '2028-03-22T08:59:59.999Z', NONE, HOURS],
    ['the 22nd takes at nine', '2028-03-22T09:00:00.000Z', NONE, no('allowed-hours', 'soft-lock')],
    ['… for C1 and C2 alone', '2028-03-22T09:00:00.000Z', C4, YES],
    [
      '… and not for its own release',
      '2028-03-22T22:00:00.000Z',
      { deployment: 'production', monthlyRelease: true },
      YES,
    ],
    ['… through the night', '2028-03-23T05:00:00.000Z', NONE, no('soft-lock')],
    ['… until the last millisecond', '2028-03-23T08:59:59.999Z', NONE, no('allowed-hours', 'soft-lock')],
    ['… and releases at nine', '2028-03-23T09:00:00.000Z', NONE, HOURS],
    [
      'what ends as a lock begins does not meet it',
      '2028-04-03T05:59:00.000Z',
      { estimateMinutes: 181 },
      HOURS,
    ],
    [
      'what would reach into it is refused before it',
      '2028-04-03T05:59:00.000Z',
      { estimateMinutes: 181.001 },
      no('allowed-hours', 'soft-lock'),
    ],
    ['soft alone', '2028-04-03T22:00:00.000Z', NONE, no('soft-lock')],
    ['soft lets C4 through to the last millisecond', '2028-04-04T08:59:59.999Z', C4, YES],
    ['hard takes over it', '2028-04-04T09:00:00.000Z', C4, no('hard-lock')],
    ['both are said', '2028-04-04T22:00:00.000Z', NONE, no('soft-lock', 'hard-lock')],
    ['hard holds canaries too', '2028-04-05T00:00:00.000Z', { ...C4, deployment: 'canary' }, no('hard-lock')],
    ['hard holds to its last millisecond', '2028-04-05T08:59:59.999Z', C4, no('hard-lock')],
    ['soft is left of it', '2028-04-05T09:00:00.000Z', C4, YES],
    ['… for C2', '2028-04-05T22:00:00.000Z', NONE, no('soft-lock')],
    ['nothing is left', '2028-04-06T22:00:00.000Z', NONE, YES],
  ])('%s: %s', async (_, instant, more, answer) => {
    expect(await at(instant, more)).toEqual(answer);
  });
});
