import { expect, it } from 'vitest';
import { alertsOfRun } from '../../../src/kernel/incident/run-alerts.ts';

const START = 1_700_000_000_000;
const places = {
  targetLabels: ['target', 'instance'],
  environmentLabel: 'environment',
  watchdog: 'Watchdog',
  clockToleranceMs: 5_000,
};
const run = { targets: ['db-01'], environment: 'illumidesk.com', startedAtMs: START };

it.each<readonly [string, Readonly<Record<string, string>>, number, string | null]>([
  ['names a target', { instance: 'db-01:9100' }, 1, 'db-01 since'],
  ['names a target, and began before', { target: 'db-01' }, -5_001, 'db-01 before'],
  ['began as far before as clocks may differ', { target: 'db-01' }, -5_000, 'db-01 since'],
  ['names another host', { instance: 'db-02:9100', environment: 'illumidesk.com' }, 1, null],
  ['names a host whose name begins like a target', { instance: 'db-010' }, 1, null],
  ['names the environment alone', { environment: 'illumidesk.com' }, 1, 'null since'],
  ['names another environment', { environment: 'illumidesk.net', target: 'db-01' }, 1, null],
  ['names nothing', {}, 1, null],
  ['always fires', { alertname: 'Watchdog', environment: 'illumidesk.com' }, 1, null],
])('an alert that %s', (_, labels, after, expected) => {
  const alert = { labels, annotations: {}, startsAtMs: START + after };
  const [found] = alertsOfRun([alert], run, places);
  expect(found ? `${found.target} ${found.judged}` : null).toBe(expected);
});
