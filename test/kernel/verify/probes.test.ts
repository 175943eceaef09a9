import { describe, expect, it } from 'vitest';
import { judgeClock } from '../../../src/kernel/verify/clock.ts';
import { judgeFlapping, windowOf } from '../../../src/kernel/verify/flapping.ts';
import { judgeIngestion } from '../../../src/kernel/verify/ingestion.ts';
import { read, unread } from '../../../src/kernel/verify/outcome.ts';
import { judgeReadiness } from '../../../src/kernel/verify/readiness.ts';
import { judgeRules } from '../../../src/kernel/verify/rules.ts';
import { judgeSelfAge } from '../../../src/kernel/verify/self-age.ts';
import type { QueryOutcome } from '../../../src/kernel/verify/series.ts';
import { judgeTargets } from '../../../src/kernel/verify/targets.ts';
import type { Verdict } from '../../../src/kernel/verify/verdict.ts';
import { judgeWarnings } from '../../../src/kernel/verify/warnings.ts';

const NOW = 1_800_000_000_000;
const LOST = unread('no answer: connection refused');

type Labelled = readonly [labels: Record<string, string>, value: number];
const vector = (...series: readonly Labelled[]): QueryOutcome =>
  read({ series: series.map(([labels, value]) => ({ labels, value })), evaluatedAtMs: NOW, warnings: [] });
const value = (one: number) => vector([{}, one]);

describe('M1, readiness', () => {
  it.each<[Parameters<typeof judgeReadiness>[1], Verdict]>([
    [{ answered: true, status: 200, contentType: 'text/plain; charset=utf-8' }, 'pass'],
    [{ answered: true, status: 200, contentType: '' }, 'pass'],
    [{ answered: true, status: 200, contentType: 'text/html' }, 'fail'],
    [{ answered: true, status: 204, contentType: '' }, 'fail'],
    [{ answered: true, status: 302, contentType: '' }, 'fail'],
    [{ answered: true, status: 503, contentType: '' }, 'fail'],
    [{ answered: false, because: 'no answer' }, 'fail'],
  ])('%o: %s', (answer, verdict) => {
    expect(judgeReadiness('Prometheus', answer).verdict).toBe(verdict);
  });
});

describe('M2, the clock', () => {
  const asked = { asked: [NOW - 100, NOW], toleranceMs: 5_000 } as const;
  it.each<[string, QueryOutcome, QueryOutcome, Verdict]>([
    ['within', value(1), value(NOW / 1_000), 'pass'],
    ['at the edge ahead', value(1), value((NOW + 5_000) / 1_000), 'pass'],
    ['at the edge behind', value(1), value((NOW - 5_100) / 1_000), 'pass'],
    ['ahead', value(1), value((NOW + 5_001) / 1_000), 'fail'],
    ['behind', value(1), value((NOW - 5_101) / 1_000), 'fail'],
    ['vector(1) is 2', value(2), value(NOW / 1_000), 'fail'],
    ['vector(1) is nothing', vector(), value(NOW / 1_000), 'fail'],
    ['time is NaN', value(1), value(Number.NaN), 'unknown'],
    ['time is nothing', value(1), vector(), 'unknown'],
    ['no answer', LOST, value(NOW / 1_000), 'unknown'],
    ['no time', value(1), LOST, 'unknown'],
  ])('%s: %s', (_case, one, time, verdict) => {
    expect(judgeClock(one, time, asked).verdict).toBe(verdict);
  });
});

describe('M3, the age of the newest sample of Prometheus itself', () => {
  it.each<[string, QueryOutcome, number | null, Verdict]>([
    ['just under', value(2.499), 1_000, 'pass'],
    ['at the limit', value(2.5), 1_000, 'fail'],
    ['old', value(16.2), 1_000, 'fail'],
    ['of the future', value(-3), 1_000, 'fail'],
    ['none', vector(), 1_000, 'fail'],
    ['NaN', value(Number.NaN), 1_000, 'unknown'],
    ['no interval', value(1), null, 'unknown'],
    ['no answer', LOST, 1_000, 'unknown'],
  ])('%s', (_case, age, scrapeIntervalMs, verdict) => {
    expect(judgeSelfAge(age, { job: 'prometheus', scrapeIntervalMs, intervals: 2.5 }).verdict).toBe(verdict);
  });

  it('says what was wanted and what was seen', () => {
    expect(
      judgeSelfAge(value(16.2), { job: 'prometheus', scrapeIntervalMs: 1_000, intervals: 2.5 }).because,
    ).toBe(
      'newest sample of Prometheus itself is 16.2 s old, under 2.5 s wanted (2.5 × scrape interval 1 s)',
    );
  });
});

const self: Labelled = [{ job: 'prometheus', instance: 'p:9090' }, 1];
const shop = (up: number): Labelled => [{ job: 'shop', instance: 'shop-1:80' }, up];

describe('M4, the targets', () => {
  it.each<[string, readonly string[], QueryOutcome, [Verdict, string]]>([
    ['up', ['shop-1'], vector(self, shop(1)), ['pass', 'all are (`shop-1`)']],
    ['with its port', ['shop-1:80'], vector(shop(1)), ['pass', '']],
    ['down', ['shop-1'], vector(shop(0)), ['fail', '; down: `shop shop-1:80 is 0`']],
    ['missing', ['shop-1', 'shop-2'], vector(shop(1)), ['fail', '; missing from `up`: `shop-2`']],
    ['both', ['shop-1', 'shop-2'], vector(shop(0)), ['fail', 'missing from `up`: `shop-2`; down: `shop']],
    [
      'one of its exporters down',
      ['shop-1'],
      vector(shop(1), [{ job: 'node', instance: 'shop-1:9100' }, 0]),
      ['fail', 'node shop-1:9100 is 0'],
    ],
    ['a prefix is another target', ['shop'], vector(shop(1)), ['fail', 'missing']],
    ['NaN', ['shop-1'], vector(shop(Number.NaN)), ['fail', 'is NaN']],
    ['twice named', ['shop-1', 'shop-1'], vector(shop(1)), ['pass', '1 target']],
    ['nothing named', [], vector(shop(1)), ['unknown', 'names none']],
    ['no data', ['shop-1'], vector(), ['fail', 'missing']],
    ['no answer', ['shop-1'], LOST, ['unknown', 'refused']],
  ])('%s', (_case, targets, up, [verdict, because]) => {
    const judged = judgeTargets(up, { targets, targetLabels: ['target', 'instance'] });
    expect(judged.verdict).toBe(verdict);
    expect(judged.because).toContain(because);
  });
});

const flapping = (lowest: QueryOutcome, samples: QueryOutcome, ageMs: number | null = null) =>
  judgeFlapping(lowest, samples, {
    job: 'prometheus',
    targets: ['shop-1'],
    targetLabels: ['instance'],
    window: windowOf(600_000, ageMs),
    intervalMs: () => 15_000,
    coverage: 0.9,
    samples: 5,
  });

describe('M5, flapping', () => {
  const counts = (ofSelf: number, ofShop: number) => vector([self[0], ofSelf], [shop(1)[0], ofShop]);
  const steady = vector(self, shop(1));

  it.each<[string, QueryOutcome, QueryOutcome, Verdict]>([
    ['steady', steady, counts(40, 35), 'pass'],
    ['a gap', steady, counts(40, 34), 'unknown'],
    ['a gap of Prometheus itself', steady, counts(34, 40), 'unknown'],
    ['down once', vector(self, shop(0)), counts(40, 40), 'fail'],
    ['Prometheus itself down once', vector([self[0], 0], shop(1)), counts(40, 40), 'fail'],
    ['no samples of the target', vector(self), counts(40, 40), 'unknown'],
    ['no samples of Prometheus', vector(shop(1)), counts(40, 40), 'unknown'],
    ['no data', vector(), vector(), 'unknown'],
    ['no counts', steady, vector(), 'unknown'],
    ['a count of NaN', steady, counts(40, Number.NaN), 'unknown'],
    ['no answer', LOST, counts(40, 40), 'unknown'],
    ['no answer on counts', steady, LOST, 'unknown'],
  ])('%s', (_case, lowest, samples, verdict) => {
    expect(flapping(lowest, samples).verdict).toBe(verdict);
  });

  it('is looked for in a shorter time where Prometheus is younger, visibly, but never in nothing', () => {
    const young = flapping(steady, counts(7, 7), 120_000);
    expect(young.verdict).toBe('pass');
    expect(young.because).toMatch(/^2 min \(shortened from 10 min/);
    expect(flapping(steady, counts(4, 4), 60_000)).toMatchObject({ verdict: 'unknown' });
    expect(flapping(steady, counts(1, 1), 0)).toMatchObject({ verdict: 'unknown' });
    expect(windowOf(600_000, 7_200_000)).toEqual({ askedMs: 600_000, ms: 600_000 });
  });
});

describe('M6, samples are being appended', () => {
  it.each<[QueryOutcome, Verdict]>([
    [value(830), 'pass'],
    [value(0), 'fail'],
    [value(Number.NaN), 'fail'],
    [value(Number.POSITIVE_INFINITY), 'fail'],
    [vector([{ instance: 'a' }, 5], [{ instance: 'b' }, 0]), 'fail'],
    [vector(), 'fail'],
    [LOST, 'unknown'],
  ])('%o: %s', (rates, verdict) => {
    expect(judgeIngestion(rates, 5_000).verdict).toBe(verdict);
  });
});

describe('M7, the rules', () => {
  const group = (health: string, agoMs: number) => ({
    name: 'watchdog',
    intervalMs: 1_000,
    lastEvaluationMs: NOW - agoMs,
    rules: [{ name: 'Watchdog', health }],
  });
  it.each<[string, Parameters<typeof judgeRules>[0], Verdict]>([
    ['healthy', read([group('ok', 2_000)]), 'pass'],
    ['late', read([group('ok', 2_001)]), 'fail'],
    ['one of two late', read([group('ok', 10), group('ok', 5_000)]), 'fail'],
    ['of the future', read([group('ok', -60_000)]), 'fail'],
    ['ill', read([group('err', 10)]), 'fail'],
    ['not evaluated yet', read([group('unknown', NOW)]), 'unknown'],
    ['no groups', read([]), 'fail'],
    ['no rules', read([{ ...group('ok', 10), rules: [] }]), 'fail'],
    ['no answer', LOST, 'unknown'],
  ])('%s', (_case, groups, verdict) => {
    expect(judgeRules(groups, { nowMs: NOW, intervals: 2 }).verdict).toBe(verdict);
  });
});

describe('M13, warnings', () => {
  it.each<[readonly (readonly string[])[], readonly string[], Verdict]>([
    [[[], []], [], 'pass'],
    [[[], ['odd']], [], 'fail'],
    [[['odd']], ['odd'], 'pass'],
    [[['odd one']], ['odd'], 'fail'],
    [[], [], 'unknown'],
  ])('%o, allowed %o: %s', (answers, allowed, verdict) => {
    expect(judgeWarnings(answers, { allowed }).verdict).toBe(verdict);
  });
});
