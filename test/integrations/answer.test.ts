import { describe, expect, it } from 'vitest';
import { readAlerts, readCluster, readSilences } from '../../src/integrations/alertmanager/answer.ts';
import { readQuery } from '../../src/integrations/prometheus/answer.ts';
import type { Reply } from '../../src/integrations/prometheus/ask.ts';
import { prometheusDurationMs, promqlWindow } from '../../src/integrations/prometheus/duration.ts';
import { upOfTargets } from '../../src/integrations/prometheus/selector.ts';
import {
  readResendDelay,
  readRules,
  readStart,
  readTargets,
} from '../../src/integrations/prometheus/status.ts';

const reply = (body: unknown, status = 200): Reply => ({
  answered: true,
  status,
  contentType: 'application/json',
  body: typeof body === 'string' ? body : JSON.stringify(body),
  dateMs: null,
  raw: { request: 'GET /', status, body: '', bytes: 0 },
  startedMs: 0,
  endedMs: 0,
});
const success = (data: unknown, more = {}) => reply({ status: 'success', data, ...more });
const vector = (...values: unknown[]) => ({
  resultType: 'vector',
  result: values.map((value) => ({ metric: { job: 'shop' }, value: [1_800_000_000.5, value] })),
});

describe('an answer to a query', () => {
  it('is a vector, or a scalar as one series without labels', () => {
    expect(readQuery(success(vector('5', 'NaN', '+Inf')))).toEqual({
      ok: true,
      value: {
        series: [5, Number.NaN, Number.POSITIVE_INFINITY].map((value) => ({
          labels: { job: 'shop' },
          value,
        })),
        evaluatedAtMs: 1_800_000_000_500,
        warnings: [],
      },
    });
    expect(readQuery(success({ resultType: 'scalar', result: [1_800_000_000, '1e+06'] }))).toMatchObject({
      ok: true,
      value: { series: [{ labels: {}, value: 1_000_000 }] },
    });
    expect(readQuery(success(vector(), { warnings: ['odd'], infos: ['new'] }))).toMatchObject({
      ok: true,
      value: { series: [], evaluatedAtMs: null, warnings: ['odd'] },
    });
  });

  it.each<[string, Reply]>([
    ['a string', success({ resultType: 'string', result: [1, 'x'] })],
    ['a matrix', success({ resultType: 'matrix', result: [] })],
    ['a sample that is a number', success(vector(5))],
    ['a sample that is empty', success(vector(''))],
    ['a sample that is null', success(vector(null))],
    ['no data', success(null)],
    ['no status', reply({ data: vector('5') })],
    ['another status', reply({ status: 'partial', data: vector('5') })],
    ['an error with 200', reply({ status: 'error', errorType: 'timeout', error: 'too slow' })],
    ['an error with 422', reply({ status: 'error', errorType: 'execution', error: 'no' }, 422)],
    ['success with 500', reply({ status: 'success', data: vector('5') }, 500)],
    ['warnings that are none', success(vector('5'), { warnings: 'odd' })],
    ['a page', reply('<!doctype html>')],
    ['nothing', reply('')],
    ['null', reply('null')],
    ['half of it', reply('{"status":"success","data":{"resultType":"vector","result":[{"metric"')],
    ['503 without JSON', reply('Service Unavailable', 503)],
  ])('is none: %s', (_case, answer) => {
    expect(readQuery(answer)).toMatchObject({ ok: false, because: expect.stringMatching(/./) });
  });
});

describe('what the programs say of themselves', () => {
  it('is read into milliseconds', () => {
    expect(readStart(success({ startTime: '2026-11-23T11:54:59.409340614Z' }))).toMatchObject({
      value: { data: Date.parse('2026-11-23T11:54:59.409Z') },
    });
    expect(readResendDelay(success({ 'rules.alert.resend-delay': '1m' }))).toMatchObject({
      value: { data: 60_000 },
    });
    const target = { labels: { job: 'shop' }, scrapeInterval: '15s' };
    expect(readTargets(success({ activeTargets: [target] }))).toMatchObject({
      value: { data: [{ labels: { job: 'shop' }, scrapeIntervalMs: 15_000 }] },
    });
    const group = { name: 'g', interval: 60, lastEvaluation: '0001-01-01T00:00:00Z', rules: [] };
    expect(readRules(success({ groups: [group] }))).toMatchObject({
      value: { data: [{ intervalMs: 60_000 }] },
    });
  });

  it.each<[string, { readonly ok: boolean }]>([
    ['no resend delay', readResendDelay(success({}))],
    ['a resend delay that is none', readResendDelay(success({ 'rules.alert.resend-delay': 'soon' }))],
    ['no start', readStart(success({}))],
    ['a start that is no instant', readStart(success({ startTime: 'today' }))],
    [
      'an interval that is none',
      readTargets(success({ activeTargets: [{ labels: {}, scrapeInterval: '' }] })),
    ],
    ['a group without an interval', readRules(success({ groups: [{ name: 'g', rules: [] }] }))],
    ['a cluster without a status', readCluster(reply({ cluster: {} }))],
    ['alerts that are no list', readAlerts(reply({}))],
    ['an alert without its time', readAlerts(reply([{ labels: {}, status: { state: 'active' } }]))],
    ['silences that are no list', readSilences(reply('null'))],
    ['alerts with 500', readAlerts(reply([], 500))],
  ])('%s is no answer', (_case, outcome) => {
    expect(outcome.ok).toBe(false);
  });
});

describe('durations of Prometheus', () => {
  it.each<[string, number | null]>([
    ['15s', 15_000],
    ['1m', 60_000],
    ['1m0s', 60_000],
    ['1h30m', 5_400_000],
    ['500ms', 500],
    ['2d', 172_800_000],
    ['0', 0],
    ['', null],
    ['15', null],
    ['s', null],
    ['15 s', null],
    ['-1s', null],
  ])('%s', (written, ms) => {
    expect(prometheusDurationMs(written)).toBe(ms);
  });

  it('are written in whole seconds, at least one', () => {
    expect([0, 400, 1_001, 600_000].map(promqlWindow)).toEqual(['1s', '1s', '2s', '600s']);
  });
});

describe('the selector of targets', () => {
  it('takes names as they are, whatever they contain', () => {
    expect(upOfTargets(['shop.db-1', 'a"b\\c|d(e'], ['target', 'instance'])).toEqual([
      String.raw`up{target=~"(?:shop\\.db\\-1|a\"b\\\\c\\|d\\(e)(?::[0-9]+)?"}`,
      String.raw`up{instance=~"(?:shop\\.db\\-1|a\"b\\\\c\\|d\\(e)(?::[0-9]+)?"}`,
    ]);
  });
});
