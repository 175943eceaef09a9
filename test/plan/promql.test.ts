import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { readQuery } from '../../src/plan/promql.ts';
import { programPath } from '../kit/programs.ts';

const VALID = [
  'up',
  'up{job="shop",instance=~"db-.*",zone!="a"}',
  'sum by (le) (rate(x_bucket[5m]))',
  'sum without (pod) (rate(x[1m30s]))',
  'histogram_quantile(0.99, sum by (le) (rate(x_bucket[5m])))',
  'rate(x[5m] offset 1h)',
  'max_over_time(rate(x[1m])[10m:30s])',
  'quantile_over_time(0.5, x[5m])',
  'predict_linear(x[1h], 3600)',
  'time() - max(timestamp(up{job="prometheus"}))',
  'a / on (x) group_left (y) b',
  'a unless b',
  'a and on () b',
  'x or vector(0)',
  'sum(x) > bool 5',
  '-x + 3 * 2 ^ 2 % 7',
  'topk(5, x)',
  'count_values("v", x)',
  'label_replace(up, "a", "$1", "b", "(.*)")',
  'absent(up{job="shop"})',
  'scalar(up) + 1',
  'vector(1)',
  '1',
  'x @ 1609746000',
  '{__name__="up"}',
  'rate(x[1d]) < 1e-3',
  'up # a comment',
];

const INVALID = [
  '',
  'sum(rate(x[5m])',
  'rate(x)',
  'sum(x[5m])',
  'x[5m] + 1',
  'abs(x[5m])',
  'foo(bar)',
  'median(x)',
  'up ==',
  'up{job=shop}',
  'up{job="shop"',
  'rate(x[5])[',
  'rate(x[5 m])',
  'rate(x[$__rate_interval])',
  'SELECT 1',
  'up and',
  'x[5x]',
  '{}}',
  '"unterminated',
  'sum by le (x',
];

describe('PromQL is read as Prometheus reads it', () => {
  test.each(VALID)('valid: %s', (query) => {
    expect(readQuery(query).invalid).toBeNull();
  });

  test.each(INVALID)('invalid: %s', (query) => {
    const { invalid } = readQuery(query);
    expect(invalid?.message).toMatch(/^expected .+, got .+/);
    expect(invalid?.offset).toBeGreaterThanOrEqual(0);
  });

  test('and promtool agrees on every one of them', () => {
    const queries = [...VALID, ...INVALID];
    const rules = queries.map((expr, i) => ({ record: `r${i}`, expr }));
    const folder = mkdtempSync(path.join(tmpdir(), 'interlock-promql-'));
    try {
      const file = path.join(folder, 'rules.yaml');
      writeFileSync(file, stringify({ groups: [{ name: 'g', rules }] }));
      const ran = spawnSync(programPath('promtool'), ['check', 'rules', file], { encoding: 'utf8' });
      expect([ran.error, ran.status]).toEqual([undefined, 1]);
      const refused = new Set(
        [...`${ran.stdout}${ran.stderr}`.matchAll(/rule (\d+), "r\d+"/g)].map(([, i]) => Number(i) - 1),
      );
      expect(queries.filter((_, i) => refused.has(i))).toEqual(INVALID);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('what no gate may use', () => {
  test.each<readonly [string, boolean]>([
    ['x or vector(0)', true],
    ['vector(0) or x', true],
    ['(x) or (vector(0))', true],
    ['sum(x or vector(0)) / sum(y)', true],
    ['x or on () vector(1)', true],
    ['vector(1)', true],
    ['time()', true],
    ['1', true],
    ['x or y', false],
    ['x{a="or vector(0)"}', false],
    ['x * vector(1)', false],
    ['time() - x', false],
  ])('%s', (query, forbidden) => {
    expect(readQuery(query).forbidden !== null).toBe(forbidden);
  });
});

test.each<readonly [string, number | null]>([
  ['x', 0],
  ['rate(x[5m])', 300_000],
  ['rate(x[90])', 90_000],
  ['rate(x[1h30m]) / rate(y[5m])', 5_400_000],
  ['rate(x[1w2d])', 777_600_000],
  ['max_over_time(rate(x[1m])[10m:30s])', 660_000],
  ['rate(x[5m] offset 1h)', 300_000],
  ['rate(x[5m * 2])', null],
])('the window of %s', (query, windowMs) => {
  expect(readQuery(query).windowMs).toBe(windowMs);
});
