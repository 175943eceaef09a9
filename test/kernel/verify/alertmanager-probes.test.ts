import { describe, expect, it } from 'vitest';
import { judgeCluster } from '../../../src/kernel/verify/cluster.ts';
import { judgeDelivery } from '../../../src/kernel/verify/delivery.ts';
import { read, unread } from '../../../src/kernel/verify/outcome.ts';
import type { QueryOutcome } from '../../../src/kernel/verify/series.ts';
import type { Verdict } from '../../../src/kernel/verify/verdict.ts';
import { judgeWatchdog, type WatchdogWanted } from '../../../src/kernel/verify/watchdog.ts';

const NOW = 1_800_000_000_000;
const LOST = unread('no answer: connection refused');

type Labelled = readonly [labels: Record<string, string>, value: number];
const vector = (...series: readonly Labelled[]): QueryOutcome =>
  read({ series: series.map(([labels, value]) => ({ labels, value })), evaluatedAtMs: NOW, warnings: [] });

type Known = Parameters<typeof judgeDelivery>[0]['alertmanagers'];

describe('M8, the way to Alertmanager', () => {
  const count = (one: number) => vector([{ alertmanager: 'a' }, one]);
  const known = read(['a', 'b']);
  it.each<[string, [Known, QueryOutcome, QueryOutcome], Verdict]>([
    ['sent', [known, count(2), count(0)], 'pass'],
    ['sent with errors', [known, count(2), count(1)], 'fail'],
    ['none sent', [known, count(0), count(0)], 'fail'],
    ['another was sent to', [read(['b']), count(2), count(0)], 'unknown'],
    ['none known', [read([]), count(2), count(0)], 'fail'],
    ['no counts', [known, vector(), vector()], 'unknown'],
    ['no count of errors', [known, count(2), vector()], 'unknown'],
    ['NaN', [known, count(Number.NaN), count(0)], 'fail'],
    ['no answer', [LOST, count(2), count(0)], 'unknown'],
    ['no answer on sent', [known, LOST, count(0)], 'unknown'],
    ['no answer on errors', [known, count(2), LOST], 'unknown'],
  ])('%s', (_case, [alertmanagers, sent, errors], verdict) => {
    expect(judgeDelivery({ alertmanagers, sent, errors, windowMs: 6_000 }).verdict).toBe(verdict);
  });
});

describe('M9, the cluster', () => {
  it.each<[string, boolean, Verdict]>([
    ['ready', false, 'pass'],
    ['ready', true, 'pass'],
    ['disabled', true, 'pass'],
    ['disabled', false, 'fail'],
    ['settling', true, 'unknown'],
    ['something new', true, 'unknown'],
    ['', true, 'unknown'],
  ])('`%s`, alone: %s: %s', (status, alone, verdict) => {
    expect(judgeCluster(read(status), { alone }).verdict).toBe(verdict);
  });
  it('no answer', () => {
    expect(judgeCluster(LOST, { alone: true }).verdict).toBe('unknown');
  });
});

describe('M10, the Watchdog', () => {
  const wanted: WatchdogWanted = {
    alert: 'Watchdog',
    labels: {},
    resendDelayMs: 5_000,
    resendDelays: 2,
    asked: [NOW, NOW + 20],
    clockMs: NOW - 900,
    clockToleranceMs: 5_000,
  };
  const alert = (agoMs: number, state = 'active', labels: Record<string, string> = {}) => ({
    labels: { alertname: 'Watchdog', ...labels },
    updatedAtMs: NOW - agoMs,
    state,
  });
  const judge = (alerts: readonly ReturnType<typeof alert>[], changed: Partial<WatchdogWanted> = {}) =>
    judgeWatchdog(read(alerts), { ...wanted, ...changed }).verdict;

  it('is judged by its age', () => {
    expect(judge([alert(10_000)])).toBe('pass');
    expect(judge([alert(10_001)])).toBe('fail');
    expect(judge([alert(-4_000)])).toBe('pass');
    expect(judge([alert(-5_001)])).toBe('unknown');
    expect(judge([alert(Number.NaN)])).toBe('fail');
  });

  it('must be there, and be ours', () => {
    expect(judge([])).toBe('fail');
    expect(judge([{ ...alert(10), labels: { alertname: 'Other' } }])).toBe('fail');
    expect(judge([alert(10)], { labels: { cluster: 'a' } })).toBe('fail');
    expect(judge([alert(10, 'active', { cluster: 'a' })], { labels: { cluster: 'a' } })).toBe('pass');
    expect(judgeWatchdog(LOST, wanted).verdict).toBe('unknown');
  });

  it('of several the oldest speaks', () => {
    expect(judge([alert(10), alert(60_000, 'active', { cluster: 'b' })])).toBe('fail');
  });

  it('silenced is unknown, without a resend delay too', () => {
    expect(judge([alert(10, 'suppressed')])).toBe('unknown');
    expect(judge([alert(10, 'suppressed'), alert(10)])).toBe('pass');
    expect(judge([alert(10)], { resendDelayMs: null })).toBe('unknown');
  });

  it("means nothing by a clock that is not the database's", () => {
    expect(judge([alert(10)], { clockMs: null })).toBe('unknown');
    expect(judge([alert(10)], { clockMs: NOW - 5_900 })).toBe('pass');
    expect(judge([alert(10)], { clockMs: NOW - 6_100 })).toBe('fail');
    expect(judge([alert(10)], { clockMs: NOW + 5_100 })).toBe('fail');
  });
});
