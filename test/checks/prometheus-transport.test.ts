import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CheckContext } from '../../src/checks/context.ts';
import { checkContext, measured } from '../kit/check-context.ts';
import { eventually, freePort } from '../kit/loopback-process.ts';
import { type Misbehaviour, type MisbehavingProxy, startMisbehavingProxy } from '../kit/misbehaving-proxy.ts';
import { startPrometheus, type TestPrometheus } from '../kit/prometheus.ts';

let prometheus: TestPrometheus;
let proxy: MisbehavingProxy;

beforeAll(async () => {
  prometheus = await startPrometheus({ scraped: [] });
  proxy = await startMisbehavingProxy(prometheus.url);
  await eventually(
    () => measured(rate, at(prometheus)),
    ({ verdict }) => verdict === 'pass',
  );
});

afterAll(async () => {
  await Promise.all([prometheus, proxy].map((one) => one?.stop()));
});

const up = { prometheus: { query: 'up', interval: '10 ms' }, expect: { equals: 1 } };
const rate = {
  prometheus: {
    query: 'rate(prometheus_tsdb_head_samples_appended_total{type="float"}[5s])',
    interval: '10 ms',
  },
  expect: { above: 0 },
};

function at({ url }: { readonly url: string }, differing: Partial<CheckContext> = {}): CheckContext {
  return checkContext({ prometheusUrl: url, ...differing });
}

const TRANSPORT: readonly Misbehaviour[] = [
  'hang',
  'hang in the body',
  'unavailable',
  'log-in page',
  'redirect to a log-in page',
  'truncated JSON',
  'connection cut in the body',
  'reset the connection',
  'status: error',
  'strip parameters',
];

describe('a question without an answer is an error, asked again, then unknown', () => {
  it.each(TRANSPORT)('%s', async (how) => {
    proxy.behave(how);
    const result = await measured(up, at(proxy, { questionTimeoutMs: 150 }));
    expect(result.verdict).toBe('unknown');
    expect(result.measurements.map(({ verdict }) => verdict)).toEqual(['error', 'error', 'error']);
  });

  it.each(['/api/v1/query?query=time', '/api/v1/query?query=max'])(
    'where only %s is lost, the answer to the check itself does not help',
    async (only) => {
      proxy.behave('unavailable', only);
      expect(await measured(rate, at(proxy))).toMatchObject({
        verdict: 'unknown',
        measurements: [{ verdict: 'error' }, {}, {}],
      });
    },
  );

  it('nothing listens, nothing is configured', async () => {
    const nobody = { url: `http://127.0.0.1:${await freePort()}` };
    expect(await measured(up, at(nobody))).toMatchObject({ verdict: 'unknown' });
    expect(await measured(up, checkContext())).toMatchObject({ verdict: 'unknown' });
  });

  it('is answered after all: errors that did not last do not count', async () => {
    proxy.behave('unavailable');
    const result = measured(
      { prometheus: { query: 'up', interval: '300 ms' }, expect: { equals: 1 } },
      at(proxy),
    );
    await eventually(
      async () => proxy.answered(),
      (count) => count > 0,
    );
    proxy.behave('well');
    expect(await result).toMatchObject({
      verdict: 'pass',
      measurements: [{ verdict: 'error' }, { verdict: 'pass' }],
    });
  });
});

describe('a check that is given up', () => {
  it('is unknown at once', async () => {
    const patient = { prometheus: { query: 'up', initialDelay: '1 h' }, expect: { equals: 1 } };
    const result = await measured(patient, at(prometheus, { signal: AbortSignal.timeout(20) }));
    expect(result).toEqual({
      name: 'the check',
      verdict: 'unknown',
      because: 'it was given up after 0 measurements',
      measurements: [],
    });
  });
});
