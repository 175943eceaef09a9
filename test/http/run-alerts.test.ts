import { afterAll, beforeAll, expect, it } from 'vitest';
import { tellOfRunAlerts } from '../../src/app/run/alerts.ts';
import { alertSource } from '../../src/integrations/alertmanager/alerts.ts';
import { startAlertmanager, type TestAlertmanager } from '../kit/alertmanager.ts';
import { typed } from '../kit/command-line.ts';
import { eventually } from '../kit/loopback-process.ts';
import { atFirstStep, ENVIRONMENT, startRunWorld, type RunWorld } from '../kit/run-world.ts';

let alertmanager: TestAlertmanager;
let world: RunWorld;
beforeAll(async () => {
  alertmanager = await startAlertmanager();
  // That its targets are watched is not what this is about.
  const rulesOff = ['plan-complete', 'targets-in-environment'];
  world = await startRunWorld({ rulesOff, alerts: { source: alertSource(alertmanager.url), secrets: [] } });
});
afterAll(async () => {
  await world.server.stop();
  await alertmanager.stop();
});

const fire = async (name: string, labels: Record<string, string>, startsAt: Date) => {
  const alert = {
    labels: { alertname: name, ...labels },
    annotations: { summary: 'It is slow.\n\u202e' },
    startsAt,
  };
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify([alert]);
  expect((await fetch(`${alertmanager.url}/api/v2/alerts`, { method: 'POST', headers, body })).status).toBe(
    200,
  );
};
const interlock = (...argv: string[]) =>
  typed(argv, { environment: { INTERLOCK_URL: world.server.url, INTERLOCK_TOKEN: world.ben.token } });
const noticesOf = async (who: { token: string }) =>
  (await world.server.ask('GET', '/api/v1/notices', { token: who.token })).body.notices.filter(
    ({ kind }: { kind: string }) => kind === 'run-alert',
  );

it('shows the alerts that have to do with a run, and tells once of those that began since', async () => {
  await fire('Before', { environment: ENVIRONMENT }, new Date(Date.now() - 600_000));
  const { run } = await atFirstStep(world, { targets: [{ name: 'db-01', type: 'host' }] });
  expect((await interlock('alerts', run.id)).stdout).toMatch(
    /Before +the environment +\S+ +fired before +It is slow\.\n$/,
  );
  expect(await tellOfRunAlerts(world.server.context)).toBe(0);
  await fire('Slow', { instance: 'db-01:9100' }, new Date(Date.now() + 1_000));
  await fire('Elsewhere', { instance: 'db-09' }, new Date());
  const { alerts } = await eventually(
    async () => (await world.asRunner('GET', `/api/v1/runs/${run.id}/alerts`)).body,
    (body) => body.alerts.length === 2,
  );
  expect(alerts).toMatchObject([
    { name: 'Slow', target: 'db-01', judged: 'since', summary: 'It is slow.' },
    { name: 'Before', target: null, judged: 'before' },
  ]);
  const told = await Promise.all([
    tellOfRunAlerts(world.server.context),
    tellOfRunAlerts(world.server.context),
  ]);
  expect(told[0] + told[1]).toBe(1);
  expect(await tellOfRunAlerts(world.server.context)).toBe(0);
  for (const who of [world.ben, world.cora])
    expect(await noticesOf(who)).toMatchObject([
      { about: `change/${run.change}`, body: expect.stringContaining('Slow fires on db-01') },
    ]);
  expect(await noticesOf(world.ana)).toEqual([]);
  expect((await world.server.ledger()).filter(({ type }) => type === 'run.alert')).toMatchObject([
    {
      object: `change/${run.change}`,
      outcome: 'error',
      reason: 'the alert Slow began on db-01 after the run did',
    },
  ]);
  expect((await interlock('alerts', run.id)).status).toBe(1);
});

it('does not take an Alertmanager that is away for one without alerts', async () => {
  const { run } = await atFirstStep(world);
  await alertmanager.kill();
  expect(await tellOfRunAlerts(world.server.context)).toBe(0);
  const { stdout, status } = await interlock('alerts', run.id);
  expect([status, stdout]).toEqual([1, expect.stringContaining('the alerts could not be had')]);
});
