import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CheckContext } from '../../src/checks/context.ts';
import { listTargets } from '../../src/checks/inventory.ts';
import { measureWatched } from '../../src/checks/measure.ts';
import { checkResult } from '../../src/contract/check.ts';
import { watchedMetric } from '../../src/contract/plan.ts';
import { targetsFrom } from '../../src/contract/plan-targets.ts';
import { checkContext, measured } from '../kit/check-context.ts';
import { type Exporter, startExporter } from '../kit/exporter.ts';
import { eventually, freePort } from '../kit/loopback-process.ts';
import { startPrometheus, type TestPrometheus } from '../kit/prometheus.ts';

let prometheus: TestPrometheus;
let warning: TestPrometheus;
let shop: Exporter;
let mortal: Exporter;
let restartedAt = 0;

beforeAll(async () => {
  const frozenAt = Date.now();
  let scrapes = 0;
  shop = await startExporter(() => {
    scrapes += 1;
    return [
      'orders 5',
      'broken NaN',
      'endless +Inf',
      'stock{shelf="a"} 1',
      'stock{shelf="b"} 9',
      `requests_total ${scrapes * 10}`,
      'errors_total 0',
      `restarted_total ${scrapes - restartedAt}`,
      // With a time stamp of its own a sample never gets a staleness mark: it stays "fresh" for five minutes.
      `frozen 7 ${frozenAt}`,
      '',
    ].join('\n');
  });
  mortal = await startExporter('life 1\n');
  const scraped = [
    { job: 'shop', port: shop.port },
    { job: 'mortal', port: mortal.port },
  ];
  const nobody = await freePort();
  [prometheus, warning] = await Promise.all([
    startPrometheus({ scraped }),
    startPrometheus({
      scraped: scraped.slice(1),
      configuration: `remote_read: [{ url: 'http://127.0.0.1:${nobody}/read', read_recent: true }]`,
    }),
  ]);
  const ready = { prometheus: { query: 'rate(requests_total[5s])' }, expect: { above: 0 } };
  await eventually(
    () => Promise.all([measured(ready, at(prometheus)), measured(life, at(prometheus))]),
    (results) => results.every(({ verdict }) => verdict === 'pass'),
  );
});

afterAll(async () => {
  await Promise.all([prometheus, warning, shop, mortal].map((one) => one?.stop()));
});

const life = { prometheus: { query: 'life' }, expect: { equals: 1 } };
const five = { equals: 5 };
const inAMinute = () => Date.now() + 60_000;

function at({ url }: { readonly url: string }, differing: Partial<CheckContext> = {}): CheckContext {
  return checkContext({ prometheusUrl: url, ...differing });
}

async function ask(
  query: string | Record<string, unknown>,
  ranges: Record<string, unknown> = { expect: five },
) {
  return measured({ prometheus: typeof query === 'string' ? { query } : query, ...ranges }, at(prometheus));
}

describe('a metric', () => {
  it('in its range passes, with the answers it rests on', async () => {
    const result = await ask('orders');
    expect(result).toMatchObject({
      name: 'the check',
      verdict: 'pass',
      because: 'a value equal to 5 wanted; got 5',
      measurements: [{ verdict: 'pass', value: 5 }],
    });
    expect(result.measurements[0]?.raw).toMatch(
      /^GET \/api\/v1\/query\?query=orders\n200\n\{"status":"success"/,
    );
    expect(checkResult.parse(result)).toEqual(result);
  });

  it.each<[string, string | Record<string, unknown>, Record<string, unknown>]>([
    ['a scalar', 'scalar(orders)', { expect: five }],
    ['a rate', 'sum(rate(requests_total[5s]))', { expect: { above: 5, below: 15 } }],
    [
      'a ratio without errors',
      'rate(errors_total[5s]) / rate(requests_total[5s])',
      { expect: { atMost: 0.01 } },
    ],
    ['several series', { query: 'stock', series: 2 }, { expect: { atLeast: 1 } }],
    ['the labels it wants', { query: 'orders', labels: { job: 'shop' } }, { expect: five }],
    [
      'traffic to judge by',
      { query: 'orders', traffic: { query: 'rate(requests_total[5s])', atLeast: 1 } },
      { expect: five },
    ],
    ['several measurements', { query: 'orders', count: 3, interval: '10 ms' }, { expect: five }],
  ])('passes with %s', async (_case, query, ranges) => {
    expect(await ask(query, ranges)).toMatchObject({ verdict: 'pass' });
  });

  it('in its failure range fails, and ends the check', async () => {
    const result = await ask({ query: 'orders', count: 5, interval: '10 ms' }, { failWhen: { above: 4 } });
    expect(result).toMatchObject({ verdict: 'fail', because: 'above 4 is a failure; got 5' });
    expect(result.measurements).toHaveLength(1);
  });

  it('outside its only range fails; between two ranges nobody knows', async () => {
    expect(await ask('orders', { expect: { below: 5 } })).toMatchObject({ verdict: 'fail' });
    expect(await ask('orders', { expect: { below: 5 }, failWhen: { above: 5 } })).toMatchObject({
      verdict: 'unknown',
      because: 'a value below 5 wanted, above 5 is a failure; got 5, which lies between the two ranges',
    });
  });

  it('of several series is judged by the worst', async () => {
    const result = await ask({ query: 'stock', series: 2 }, { expect: { below: 5 } });
    expect(result).toMatchObject({ verdict: 'fail', measurements: [{ value: 9 }] });
    expect(result.because).toContain('shelf');
  });
});

describe('an answer that means nothing is unknown, never a pass and never a fail', () => {
  const anything = { expect: { atLeast: -1e300 }, failWhen: { below: -1e300 } };

  it.each<[string, string | Record<string, unknown>, string]>([
    ['an empty vector', 'nobody_measures_this', 'got no data'],
    ['two series where one is expected', 'stock', '1 series wanted; got 2'],
    ['one series where two are expected', { query: 'orders', series: 2 }, '2 series wanted; got 1'],
    ['another label', { query: 'orders', labels: { job: 'other' } }, 'the label `job="other"` wanted'],
    ['NaN', 'broken', 'got NaN'],
    ['+Inf', 'endless', 'got +Inf'],
    ['0 / 0', 'orders * 0 / 0', 'got NaN'],
    ['1 / 0', 'orders / 0', 'got +Inf'],
    ['a stale sample inside the look-back', { query: 'frozen', maxSampleAge: '2 s' }, 'the oldest is'],
    [
      'a stale sample beside fresh ones',
      { query: 'orders + on() group_left() frozen', maxSampleAge: '2 s' },
      'the oldest is',
    ],
    ['a window of fewer than four scrapes', 'rate(requests_total[2s])', 'at least 4 samples of every series'],
    ['a constant', 'vector(1)', 'a query that reads a metric wanted'],
    ['a number made up where there is none', 'nobody_measures_this or vector(0)', 'makes some up'],
    ['the same the other way round', 'vector(0) or nobody_measures_this', 'makes some up'],
    [
      'a number made up of something else',
      'nobody_measures_this or orders * 0',
      'samples of `nobody_measures_this` wanted',
    ],
    ['a rate of a sum', 'rate(sum(requests_total)[5s:1s])', '`rate` before `sum` wanted'],
    ['a query that cannot be read', 'rate(', 'cannot be read'],
    [
      'no traffic',
      { query: 'orders', traffic: { query: 'rate(errors_total[5s])', atLeast: 1 } },
      'traffic of at least 1',
    ],
    ['no data on traffic', { query: 'orders', traffic: { query: 'nobody', atLeast: 0 } }, 'got no data'],
  ])('%s', async (_case, query, because) => {
    const result = await ask(query, anything);
    expect(result.verdict).toBe('unknown');
    expect(result.because).toContain(because);
  });

  it('warnings, but for those that are allowed', async () => {
    const result = await eventually(
      () => measured(life, at(warning)),
      ({ because }) => because.includes('remote_read'),
    );
    expect(result.verdict).toBe('unknown');
    const [, text = ''] = /got `(.+)`$/.exec(result.because) ?? [];
    await eventually(
      () => measured(life, at(warning, { allowedWarnings: [text] })),
      ({ verdict }) => verdict === 'pass',
    );
  });

  it('an answer of another time', async () => {
    const orders = { prometheus: { query: 'orders' }, expect: five };
    expect(await measured(orders, at(prometheus, { now: inAMinute }))).toMatchObject({
      verdict: 'unknown',
      because: expect.stringContaining('an answer of now'),
    });
  });

  it('a counter that was reset in the window, until the window has passed it', async () => {
    const growing = { query: 'increase(restarted_total[5s])' };
    expect(await ask(growing, { expect: { atLeast: 0 } })).toMatchObject({ verdict: 'pass' });
    // The target starts to count anew.
    restartedAt = 1e6;
    const during = await eventually(
      () => ask(growing, { expect: { atLeast: 0 } }),
      ({ verdict }) => verdict !== 'pass',
    );
    expect(during).toMatchObject({
      verdict: 'unknown',
      because: expect.stringContaining('no counter reset in `restarted_total[5s]` wanted; got 1'),
    });
    await eventually(
      () => ask(growing, { expect: { atLeast: 0 } }),
      ({ verdict }) => verdict === 'pass',
    );
  });

  it('a target that ended: its metric is gone, although its window still holds samples', async () => {
    await mortal.stop();
    const gone = await eventually(
      () => measured(life, at(prometheus)),
      ({ verdict }) => verdict !== 'pass',
    );
    expect(gone).toMatchObject({ verdict: 'unknown', because: '1 series wanted; got no data' });
    const average = await ask('avg_over_time(life[1m])', { expect: { equals: 1 } });
    expect(average).toMatchObject({ verdict: 'unknown', because: 'samples of `life` wanted; got none' });
  });
});

describe('a watched metric', () => {
  it.each([
    [{ above: 4 }, 'fail'],
    [{ above: 5 }, 'pass'],
  ])('fails in the range in which the plan rolls back, and only there: %o', async (rollBackWhen, verdict) => {
    const graph = 'http://graph.example';
    const watch = { name: 'orders', graph, prometheus: { query: 'orders' }, expect: five, rollBackWhen };
    const result = await measureWatched(watchedMetric.parse(watch), at(prometheus));
    expect(result).toMatchObject({ name: 'orders', verdict });
  });
});

describe('a list of targets', () => {
  it('is a target a series, by the name in its label', async () => {
    expect(await listed('stock', 'shelf', prometheus)).toEqual({
      targets: [
        { name: 'a', type: 'shelf' },
        { name: 'b', type: 'shelf' },
      ],
    });
  });

  it('is none where a series has no name, where nothing answers, and beside a warning', async () => {
    expect(await listed('orders', 'shelf', prometheus)).toEqual({
      because: 'a series without the label `shelf`',
    });
    expect(await listed('nowhere', 'shelf', prometheus)).toEqual({ because: 'it names no target' });
    expect(await listed('life', 'instance', warning)).toEqual({
      because: expect.stringContaining('Prometheus warns'),
    });
  });
});

function listed(query: string, label: string, asked: TestPrometheus) {
  return listTargets(targetsFrom.parse({ prometheus: { query, label }, type: 'shelf' }), at(asked));
}
