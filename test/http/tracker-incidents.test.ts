import { afterAll, beforeAll, expect, it } from 'vitest';
import { readTrackerIncidents, severityOf } from '../../src/app/tracker/heed-incidents.ts';
import { phraseFor } from '../../src/app/tracker/issue-word.ts';
import { expectStatus } from '../kit/changes.ts';
import { OTHER_PROJECT, PROJECT } from '../kit/gitlab-server.ts';
import { startTrackerWorld, type TrackerWorld } from '../kit/tracker.ts';

/** Her id in the tracker. */
const CORA = 11;

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
  const elsewhere = gitlab.open({ project: OTHER_PROJECT, labels: ['Incident::Active'] });
  await readTrackerIncidents(world.server.context);
  expect(await active()).toHaveLength(2);
  elsewhere.state = 'closed';
  incident.labels = ['severity::2'];
  await readTrackerIncidents(world.server.context);
  expect(await active()).toEqual([]);
  expect((await world.server.ledger()).findLast(({ type }) => type === 'incident.resolved')).toMatchObject({
    source: 'server',
  });
});

it('has the issues of an environment in its own project, where words count as well', async () => {
  const { gitlab } = world;
  await world.linkTo(world.cora, CORA);
  const change = await world.open({ set: { environment: 'ops.illumidesk.net' } });
  await world.turn();
  const issuesOf = () => gitlab.issues.filter(({ title }) => title.startsWith(`${change.id}:`));
  const { iid, project } = issuesOf()[0]!;
  expect(project).toBe(OTHER_PROJECT);
  gitlab.comment(iid, CORA, phraseFor(change.digest));
  // By a name that it does not have there, nothing is found.
  await world.told('note', iid);
  expect((await change.show(world.ana)).approvals).toEqual([]);
  await world.hook(gitlab.webhook('note', iid, OTHER_PROJECT));
  await world.turn();
  expect((await change.show(world.ana)).approvals).toMatchObject([{ person: 'cora', via: 'issue' }]);
  const { token } = world.server.admin;
  const move = async () =>
    expectStatus(await world.server.ask('POST', '/api/v1/integrations/gitlab/move-issues', { token }), 202)
      .body;
  expect(await move()).toEqual({ moved: [] });
  await world.asOwner(`update changes set environment = 'illumidesk.com' where id = '${change.id}'`);
  expect(await move()).toEqual({ moved: [change.id] });
  await world.turn();
  expect(issuesOf()).toMatchObject([{ project: OTHER_PROJECT }, { project: PROJECT }]);
});

it.each([
  [['severity::3'], 'S3'],
  [['S2', 'severity::4'], 'S2'],
  [['1'], 'S1'],
  [[], 'S1'],
])('takes the worst severity of %j', (labels, severity) => {
  expect(severityOf(labels)).toBe(severity);
});
