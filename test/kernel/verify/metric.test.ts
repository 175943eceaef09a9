import { describe, expect, it } from 'vitest';
import { judgeMetric, type MetricEvidence, type MetricWanted } from '../../../src/kernel/verify/metric.ts';
import { unread } from '../../../src/kernel/verify/outcome.ts';
import type { QueryOutcome } from '../../../src/kernel/verify/series.ts';

const NOW = 1_800_000_000_000;

function vector(
  values: readonly number[],
  changed: { at?: number; warnings?: readonly string[] } = {},
): QueryOutcome {
  return {
    ok: true,
    value: {
      series: values.map((value, index) => ({ labels: { job: 'shop', shard: String(index) }, value })),
      evaluatedAtMs: changed.at ?? NOW,
      warnings: changed.warnings ?? [],
    },
  };
}

const good: MetricEvidence = {
  answer: vector([5]),
  ages: [{ selector: 'orders', seconds: vector([3]) }],
  windows: [{ window: 'orders[1m]', resets: vector([0]), samples: vector([4]) }],
  traffic: { outcome: vector([10]), atLeast: 10 },
};
const wanted: MetricWanted = {
  expect: { atMost: 5 },
  failWhen: { above: 8 },
  series: 1,
  labels: { job: 'shop' },
  maxSampleAgeMs: 15_000,
  allowedWarnings: ['known'],
  askedMs: [NOW - 10, NOW + 10],
  clockToleranceMs: 5_000,
};

describe('a metric', () => {
  it('with every evidence is judged by its value', () => {
    expect(judgeMetric(good, wanted)).toMatchObject({ verdict: 'pass', value: 5 });
    expect(judgeMetric({ ...good, answer: vector([7]) }, wanted)).toMatchObject({ verdict: 'inconclusive' });
    expect(judgeMetric({ ...good, answer: vector([9]) }, wanted)).toMatchObject({
      verdict: 'fail',
      value: 9,
    });
    const worst = judgeMetric({ ...good, answer: vector([5, 7, 9]) }, { ...wanted, series: 3 });
    expect(worst).toMatchObject({ verdict: 'fail', value: 9 });
  });

  it('may bear a warning that is allowed word by word', () => {
    const evidence = { ...good, answer: vector([5], { warnings: ['known'] }) };
    expect(judgeMetric(evidence, wanted).verdict).toBe('pass');
  });

  const window = { window: 'orders[1m]', resets: vector([0]), samples: vector([4]) };
  const doubts: readonly [string, Partial<MetricEvidence>, string][] = [
    ['no answer', { answer: unread('lost') }, 'error'],
    ['no answer on ages', { ages: [{ selector: 'orders', seconds: unread('lost') }] }, 'error'],
    ['no answer on resets', { windows: [{ ...window, resets: unread('lost') }] }, 'error'],
    ['no answer on samples', { windows: [{ ...window, samples: unread('lost') }] }, 'error'],
    ['no answer on traffic', { traffic: { outcome: unread('lost'), atLeast: 1 } }, 'error'],
    ['a warning', { answer: vector([9], { warnings: ['new'] }) }, 'inconclusive'],
    [
      'a warning elsewhere',
      { ages: [{ selector: 'orders', seconds: vector([3], { warnings: ['new'] }) }] },
      'inconclusive',
    ],
    ['another time', { answer: vector([9], { at: NOW - 6_000 }) }, 'inconclusive'],
    ['a later time', { answer: vector([9], { at: NOW + 6_000 }) }, 'inconclusive'],
    ['no data', { answer: vector([]) }, 'inconclusive'],
    ['two series', { answer: vector([9, 9]) }, 'inconclusive'],
    ['NaN', { answer: vector([Number.NaN]) }, 'inconclusive'],
    ['+Inf', { answer: vector([Number.POSITIVE_INFINITY]) }, 'inconclusive'],
    ['no selector', { ages: [] }, 'inconclusive'],
    ['no sample', { ages: [{ selector: 'orders', seconds: vector([]) }] }, 'inconclusive'],
    ['a stale sample', { ages: [{ selector: 'orders', seconds: vector([15.1]) }] }, 'inconclusive'],
    [
      'a stale one beside a fresh one',
      { ages: [...good.ages, { selector: 'x', seconds: vector([16]) }] },
      'inconclusive',
    ],
    ['a sample of the future', { ages: [{ selector: 'orders', seconds: vector([-6]) }] }, 'inconclusive'],
    [
      'an age that is none',
      { ages: [{ selector: 'orders', seconds: vector([Number.NaN]) }] },
      'inconclusive',
    ],
    ['a short window', { windows: [{ ...window, samples: vector([3]) }] }, 'inconclusive'],
    ['an empty window', { windows: [{ ...window, samples: vector([]) }] }, 'inconclusive'],
    ['a reset', { windows: [{ ...window, resets: vector([1]) }] }, 'inconclusive'],
    ['nothing on resets', { windows: [{ ...window, resets: vector([]) }] }, 'inconclusive'],
    ['little traffic', { traffic: { outcome: vector([9]), atLeast: 10 } }, 'inconclusive'],
    ['no traffic', { traffic: { outcome: vector([]), atLeast: 0 } }, 'inconclusive'],
    ['traffic of NaN', { traffic: { outcome: vector([Number.NaN]), atLeast: 0 } }, 'inconclusive'],
  ];
  it.each(doubts)('with %s neither passes nor fails', (_case, changed, verdict) => {
    // Both with a value that would pass and with one that would fail.
    for (const value of [5, 9]) {
      const judged = judgeMetric({ ...good, answer: vector([value]), ...changed }, wanted);
      expect(judged.verdict).toBe(verdict);
      expect(judged.because).toMatch(verdict === 'error' ? /lost/ : / wanted\b.*; /);
    }
  });

  it('of another label is not the one that was wanted', () => {
    expect(judgeMetric(good, { ...wanted, labels: { job: 'other' } }).verdict).toBe('inconclusive');
    expect(judgeMetric(good, { ...wanted, labels: { region: '' } }).verdict).toBe('inconclusive');
  });
});
