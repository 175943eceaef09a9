import { afterAll, beforeAll, expect, it } from 'vitest';
import { readTrackerIncidents, severityOf } from '../../src/app/tracker/heed-incidents.ts';
import { startTrackerWorld, type TrackerWorld } from '../kit/tracker.ts';

let world: TrackerWorld;
beforeAll(async () => {
  world = await startTrackerWorld();
});
afterAll(() => world.stop());

const active = async () =>
  (await world.server.ask('GET', '/api/v1/incidents', { token: world.ana.token })).body.incidents.filter(
    (one: { resolvedAt: string | null }) => one.resolvedAt === null,
  );

it('has as active what the tracker has as open with the label, not what a webhook says', async () => {
  const { gitlab } = world;
  const incident = gitlab.open({ title: 'Shop down', labels: ['Incident::Active', 'severity::2'] });
  await world.told('issue', incident.iid);
  expect(await active()).toMatchObject([{ title: 'Shop down', severity: 'S2' }]);
  await world.told('issue', incident.iid);
  expect(await active()).toHaveLength(1);
  gitlab.behave('busy');
  await readTrackerIncidents(world.server.context);
  gitlab.behave('lying');
  await readTrackerIncidents(world.server.context);
  gitlab.behave('well');
  expect(await active()).toHaveLength(1);
  incident.labels = ['severity::2'];
  await readTrackerIncidents(world.server.context);
  expect(await active()).toEqual([]);
  expect((await world.server.ledger()).findLast(({ type }) => type === 'incident.resolved')).toMatchObject({
    source: 'server',
  });
});

it.each([
  [['severity::3'], 'S3'],
  [['S2', 'severity::4'], 'S2'],
  [['1'], 'S1'],
  [[], 'S1'],
])('takes the worst severity of %j', (labels, severity) => {
  expect(severityOf(labels)).toBe(severity);
});
