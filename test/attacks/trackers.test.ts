import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { carry, queuesOf } from '../../src/app/outside/carry.ts';
import { phraseFor } from '../../src/app/tracker/issue-word.ts';
import { noteIssues } from '../../src/app/tracker/keep-issue.ts';
import { githubConnection } from '../../src/integrations/github/github.ts';
import { gitlabConnection } from '../../src/integrations/gitlab/gitlab.ts';
import { Secret } from '../../src/integrations/peer/secret.ts';
import { expectStatus, startChangeWorld, type ChangeWorld, type OpenedChange } from '../kit/changes.ts';
import { HOOK_SECRET, REPOSITORY, startGithub, type GithubServer } from '../kit/github-server.ts';
import { PROJECT, startGitlab, type GitlabServer } from '../kit/gitlab-server.ts';
import { SOURCES } from '../kit/hook-sources.ts';

// TRUST.md section 5, attacks 25, 27, 28 and 30, at trackers: their webhooks say the opposite of what they are asked.
const [CORA, ROLF, LOOK_ALIKE, BOT] = [11, 12, 13, 14];
const INCIDENT = 'Incident::Active';
let world: ChangeWorld;
let github: GithubServer;
let gitlab: GitlabServer;
beforeAll(async () => {
  [github, gitlab] = [await startGithub(), await startGitlab()];
  const [token, hooks] = [new Secret('a-token-of-ours'), [new Secret(HOOK_SECRET)]];
  const incidents = { label: INCIDENT };
  const all = [
    githubConnection(
      { api: github.url, repository: REPOSITORY, token: { env: 'NONE' }, incidents },
      { token, hooks },
    ),
    gitlabConnection(
      { url: gitlab.url, project: PROJECT, token: { env: 'NONE' }, confidential: true, incidents },
      { token, hooks },
    ),
  ];
  world = await startChangeWorld(
    (text) => text.replace('environments:', 'connections: { issue: github }\nenvironments:'),
    { connections: { all, mask: (text) => text } },
  );
  github.open({ title: 'For links' });
  const asked = await links('', { connection: 'github' });
  github.comment(1, CORA, asked.body.say);
  await told('github', 1, {});
  expectStatus(await links(`/${asked.body.id}/confirm`), 200);
});
afterAll(async () => {
  await world.server.stop();
  await Promise.all([github.stop(), gitlab.stop()]);
});

const links = (rest: string, body: object = {}) =>
  world.server.ask('POST', `/api/v1/account-links${rest}`, { token: world.cora.token, body });
const turn = async () => {
  await noteIssues(world.server.context);
  await world.asOwner('update outbox set next_attempt_at = now() where delivered_at is null');
  for (const { connection, direction } of queuesOf(world.server.context))
    await carry(world.server.context, connection, direction);
};
/** A webhook, rightly signed, that says of an issue what it says. */
const told = async (name: 'github' | 'gitlab', issue: number, says: Record<string, unknown>) => {
  const body = JSON.stringify(
    name === 'github'
      ? { repository: { full_name: REPOSITORY }, issue: { number: issue, ...says } }
      : {
          object_kind: 'issue',
          project: { path_with_namespace: PROJECT },
          object_attributes: { iid: issue, ...says },
        },
  );
  const headers = SOURCES[name].sign(body, { secret: HOOK_SECRET });
  const answer = await fetch(`${world.server.url}/api/v1/hooks/${name}`, { method: 'POST', headers, body });
  expect(answer.status).toBe(200);
  await turn();
};
const active = async () => {
  const { incidents } = (await world.server.ask('GET', '/api/v1/incidents', { token: world.ana.token })).body;
  return incidents
    .filter((one: { resolvedAt: string | null }) => one.resolvedAt === null)
    .map(({ title }: { title: string }) => title);
};

describe.each([
  ['github', () => github.open({ title: 'Shop down' })],
  ['gitlab', () => gitlab.open({ title: 'Shop down' })],
] as const)('an incident of %s', (name, open) => {
  const labelled = (isSo: boolean) => (isSo ? [INCIDENT] : []);
  const resolved = { action: 'close', state: 'closed', labels: [], n: 1 };
  const triggered = { action: 'open', state: 'open', title: 'Shop down', labels: [{ name: INCIDENT }] };

  it('25, 30: is what is asked for, whatever is told and in whichever order', async () => {
    const issue = open();
    const number = 'iid' in issue ? issue.iid : issue.number;
    const is = (isSo: boolean) =>
      'iid' in issue
        ? Object.assign(issue, { labels: labelled(isSo) })
        : Object.assign(issue, { labels: labelled(isSo).map((one) => ({ name: one })) });
    // Resolved before triggered; and triggered, of what nobody has.
    await told(name, number, { ...resolved, n: 2 });
    await told(name, number, { ...triggered, n: 3 });
    expect(await active()).toEqual([]);
    is(true);
    await told(name, number, { ...triggered, n: 4 });
    expect(await active()).toEqual(['Shop down']);
    // Resolved, it says, and the API says active.
    await told(name, number, { ...resolved, n: 5 });
    expect(await active()).toEqual(['Shop down']);
    is(false);
    await told(name, number, { ...triggered, n: 6 });
    expect(await active()).toEqual([]);
  });
});

const denied = async () =>
  (await world.server.ledger()).filter(
    ({ type, outcome, source }) => type === 'change.approved' && outcome === 'deny' && source === 'github',
  );

describe('a comment in GitHub', () => {
  let change: OpenedChange;
  let issue: number;
  beforeAll(async () => {
    change = await world.open();
    await turn();
    issue = github.issues.find(({ title }) => title.startsWith(`${change.id}:`))!.number;
  });
  const [phrase, later] = [() => phraseFor(change.digest), '2099-01-01T00:00:00Z'];

  it.each<[string, string, () => unknown]>([
    ['27: of an account that nobody linked', 'nobody’s', () => github.comment(issue, ROLF, phrase())],
    ['27: of a bot', 'one of a program', () => github.comment(issue, BOT, phrase())],
    [
      '27: of a person, by a program',
      'one of a program',
      () => github.comment(issue, CORA, phrase(), { performed_via_github_app: { id: 1 } }),
    ],
    [
      '27: that was edited',
      'an edited one',
      () => github.comment(issue, CORA, phrase(), { updated_at: later }),
    ],
    [
      '28: of somebody who is shown by her name',
      'nobody’s',
      () =>
        github.comment(issue, LOOK_ALIKE, phrase(), {
          user: { id: LOOK_ALIKE, login: 'cora', type: 'User' },
        }),
    ],
  ])('%s approves nothing, which is recorded', async (_, because, comment) => {
    const before = await denied();
    comment();
    await told('github', issue, { n: before.length });
    expect((await change.show(world.ana)).approvals).toEqual([]);
    expect((await denied()).slice(before.length)).toMatchObject([
      { reason: expect.stringContaining(because) },
    ]);
  });

  it('27: in the issue of something else approves nothing, and in its own it does', async () => {
    github.comment(1, CORA, phrase());
    await told('github', 1, { n: 'elsewhere' });
    expect((await change.show(world.ana)).approvals).toEqual([]);
    github.comment(issue, CORA, phrase());
    await told('github', issue, { n: 'here' });
    expect((await change.show(world.ana)).approvals).toMatchObject([{ person: 'cora', via: 'issue' }]);
  });
});
