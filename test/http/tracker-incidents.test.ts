import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askPeersByTheClock, endRests } from '../../src/app/gate/ask-peers.ts';
import { lookAtIssues } from '../../src/app/tracker/look-at-issues.ts';
import { phraseFor } from '../../src/app/tracker/issue-word.ts';
import { keepIssueRow } from '../../src/store/change-issues.ts';
import { transact } from '../../src/store/database.ts';
import { severityOf } from '../../src/integrations/tracker/incidents.ts';
import { expectStatus } from '../kit/changes.ts';
import { BOT, OTHER_PROJECT, PROJECT, type GitlabIssue } from '../kit/gitlab-server.ts';
import type { TestAccount } from '../kit/server.ts';
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

const askAnew = () => {
  endRests(world.server.context);
  return askPeersByTheClock(world.server.context);
};

it('has as active what the tracker has as open with the label, not what a webhook says', async () => {
  const { gitlab } = world;
  const incident = gitlab.open({ title: 'Shop down', labels: ['Incident::Active', 'severity::2'] });
  await world.told('issue', incident.iid);
  expect(await active()).toMatchObject([{ title: 'Shop down', severity: 'S2' }]);
  await world.told('issue', incident.iid);
  expect(await active()).toHaveLength(1);
  gitlab.behave('busy');
  await askAnew();
  gitlab.behave('lying');
  await askAnew();
  gitlab.behave('well');
  expect(await active()).toHaveLength(1);
  const elsewhere = gitlab.open({ project: OTHER_PROJECT, labels: ['Incident::Active'] });
  await askAnew();
  expect(await active()).toHaveLength(2);
  elsewhere.state = 'closed';
  incident.labels = ['severity::2'];
  await askAnew();
  expect(await active()).toEqual([]);
  expect((await world.server.ledger()).findLast(({ type }) => type === 'incident.resolved')).toMatchObject({
    source: 'server',
  });
  // One that the tracker no longer knows is for a person to close.
  const lost = gitlab.open({ labels: ['Incident::Active'] });
  await askAnew();
  gitlab.issues.splice(gitlab.issues.indexOf(lost), 1);
  await askAnew();
  const [still] = await active();
  const close = { token: world.cora.token, body: { reason: 'it was deleted there' } };
  expectStatus(await world.server.ask('POST', `/api/v1/incidents/${still.id}/resolve`, close), 200);
});

describe('a tracker that is silent', () => {
  const SILENT = { verdict: 'unknown', because: expect.stringMatching(/gitlab.*was last heard at .*503/) };
  const ask = { environment: 'illumidesk.com', criticality: 'C4', severity: 'S4' };
  const decide = async (body: object) => {
    endRests(world.server.context);
    const { token } = await robot;
    const { verdicts } = expectStatus(
      await world.server.ask('POST', '/api/v1/decisions', { token, body }),
      200,
    ).body;
    return verdicts.find(({ rule }: { rule: string }) => rule === 'no-active-incident');
  };
  let robot: Promise<TestAccount>;
  beforeAll(() => {
    robot = world.server.account('robot', { kind: 'service', scopes: ['ask', 'read'] });
  });

  it('is asked at the gate, and leaves its incidents unknown after a while, for whom that matters', async () => {
    const incident = world.gitlab.open({ labels: ['Incident::Active'] });
    expect((await decide(ask)).verdict).toBe('deny');
    incident.state = 'closed';
    expect((await decide(ask)).verdict).toBe('pass');
    world.gitlab.behave('busy');
    expect((await decide(ask)).verdict).toBe('pass');
    await world.asOwner(`update peer_answers set asked_at = asked_at - interval '6 min'`);
    expect(await decide(ask)).toMatchObject(SILENT);
    const change = await world.open();
    expect(await decide({ change: change.id, action: 'start' })).toMatchObject(SILENT);
    expect(await decide({ change: change.id, action: 'schedule' })).toBeUndefined();
    world.gitlab.behave('well');
    expect((await decide(ask)).verdict).toBe('pass');
    expect(await world.rows(`peer_answers where kept and heard and connection = 'gitlab'`)).toBeGreaterThan(
      0,
    );
    await world.asOwner(`delete from peer_answers where not kept`);
    await expect(world.asOwner(`delete from peer_answers`)).rejects.toThrow('never deleted');
  });

  it('keeps no approved emergency waiting', async () => {
    const wish = { token: world.cora.token, body: { title: 'the site is down', severity: 'S1' } };
    const { id } = expectStatus(await world.server.ask('POST', '/api/v1/incidents', wish), 201).body;
    const change = await world.open({ set: { resolvesIncident: id } });
    world.gitlab.behave('busy');
    await askAnew();
    await world.asOwner(`update peer_answers set asked_at = asked_at - interval '6 min'`);
    for (const [who, as] of [
      [world.cora, 'eoc'],
      [world.ira, 'imoc'],
    ] as const)
      expectStatus(await change.approve(who, as, { for: 'emergency' }), 201);
    expect(await decide({ change: change.id, action: 'start' })).toMatchObject({
      verdict: 'excepted',
      because: expect.stringMatching(/gitlab, a tracker, which no emergency waits for/),
    });
    world.gitlab.behave('well');
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
  const [former, next] = issuesOf();
  expect([former, next]).toMatchObject([{ project: OTHER_PROJECT }, { project: PROJECT, state: 'opened' }]);
  await world.turn();
  await world.turn();
  const lead = (to: GitlabIssue) =>
    `[${to.project}#${to.iid}](${gitlab.url}/${to.project}/-/issues/${to.iid})`;
  const ours = (issue: GitlabIssue) => gitlab.notesOf(issue.iid).filter(({ author }) => author.id === BOT);
  expect(former!.state).toBe('closed');
  expect(ours(former!)).toMatchObject([{ body: expect.stringContaining(`goes on in ${lead(next!)}`) }]);
  // Back again: the issue that was found there is its own, and the other is closed, once, whoever closed it before.
  next!.state = 'closed';
  await world.asOwner(`update changes set environment = 'ops.illumidesk.net' where id = '${change.id}'`);
  expect(await move()).toEqual({ moved: [change.id] });
  for (let count = 0; count < 3; count += 1) await world.turn();
  expect(issuesOf()).toMatchObject([{ state: 'opened' }, { state: 'closed' }]);
  expect([ours(former!), ours(next!)]).toMatchObject([
    [{}],
    [{ body: expect.stringContaining(`goes on in ${lead(former!)}`) }],
  ]);
  const written = gitlab.heard().length;
  await world.turn();
  expect(gitlab.heard().length).toBe(written);
});

it('closes the former issue once, where the server died between the tracker and the note, and one that was opened too late', async () => {
  const { gitlab } = world;
  const change = await world.open({ set: { environment: 'ops.illumidesk.net' } });
  await world.turn();
  const former = gitlab.issues.at(-1)!;
  await world.asOwner(`update changes set environment = 'illumidesk.com' where id = '${change.id}'`);
  const { token } = world.server.admin;
  expectStatus(await world.server.ask('POST', '/api/v1/integrations/gitlab/move-issues', { token }), 202);
  // What an attempt brings that was under way then is the issue of nothing.
  const late = { connection: 'gitlab', issue: `${OTHER_PROJECT}#${former.iid}`, kept: 'x' };
  expect(await transact(world.server.context.db, (tx) => keepIssueRow(tx, change.id, late))).toBe(false);
  await world.turn();
  gitlab.behave('busy');
  await world.turn();
  gitlab.behave('well');
  await world.turn();
  expect(former.state).toBe('closed');
  const states = () => gitlab.issues.map(({ iid, state }) => [iid, state]);
  const before = states();
  await world.asOwner(`update outbox set delivered_at = null, receipt = null where topic = 'close-issue'`);
  await world.turn();
  expect(states()).toEqual(before);
  expect(gitlab.notesOf(former.iid).filter(({ author }) => author.id === BOT)).toHaveLength(1);
  expect(await world.rows('moved_issues')).toBe(0);
});

it('looks at every issue by the clock too, for a webhook may be lost, and a second edit come within the minute', async () => {
  const { gitlab } = world;
  await world.open();
  await world.turn();
  const issue = gitlab.issues.at(-1)!;
  const edit = () => {
    issue.description = `${issue.description}`.replace('is `unscheduled`', 'is `scheduled`');
  };
  edit();
  await lookAtIssues(world.server.context);
  await world.turn();
  expect(issue.description).toContain('is `unscheduled`');
  edit();
  await world.told('issue', issue.iid);
  expect(issue.description).toContain('is `scheduled`');
  await world.asOwner(`update change_issues set restored_at = now() - interval '1 minute'`);
  await lookAtIssues(world.server.context);
  await world.turn();
  expect(issue.description).toContain('is `unscheduled`');
  const written = gitlab.heard().length;
  await lookAtIssues(world.server.context);
  await world.turn();
  expect(gitlab.heard().length).toBe(written);
  gitlab.behave('limiting');
  expect(await lookAtIssues(world.server.context)).toBe(0);
  gitlab.behave('well');
});

it('takes edits of both sides at once: ours is what the request is now, theirs stays, and both rest', async () => {
  const { gitlab } = world;
  const change = await world.open();
  await world.turn();
  const issue = gitlab.issues.at(-1)!;
  issue.description = `Ask rolf.\n\n${issue.description}`.replace('is `unscheduled`', 'is `complete`');
  expectStatus(await change.edit(world.ana, { set: { impact: 'Another one.' } }), 200);
  await world.told('issue', issue.iid);
  for (let turns = 0; turns < 3; turns += 1) await world.turn();
  expect(issue.description).toMatch(/^Ask rolf\.\n\n[^]*is `unscheduled`[^]*Another one\./);
  const written = gitlab.heard().length;
  await world.told('issue', issue.iid);
  await world.turn();
  expect(gitlab.heard().length).toBe(written);
});

it.each([
  [['severity::3'], 'S3'],
  [['S2', 'severity::4'], 'S2'],
  [['1'], 'S1'],
  [[], 'S1'],
])('takes the worst severity of %j', (labels, severity) => {
  expect(severityOf(labels)).toBe(severity);
});
