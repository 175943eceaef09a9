import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { phraseFor } from '../../src/app/tracker/issue-word.ts';
import { noteAuthentication } from '../../src/store/authentications.ts';
import { transact } from '../../src/store/database.ts';
import { sentPlan, slotIn } from '../kit/changes.ts';
import { testDatabase, type TestDatabase } from '../kit/database.ts';
import {
  REPOSITORY,
  startGithub,
  HOOK_SECRET as GITHUB_HOOK,
  type GithubServer,
} from '../kit/github-server.ts';
import {
  HOOK_SECRET,
  PROJECT,
  startGitlab,
  type GitlabIssue,
  type GitlabServer,
} from '../kit/gitlab-server.ts';
import { startInterlock, type InterlockProcess } from '../kit/interlock-process.ts';

// The tracker as an operator has it: a server of its own process, with a file that names the peers and files with their secrets.

const OPEN_HOURS = path.resolve(import.meta.dirname, '../fixtures/policies/open-hours.yaml');
/** Her id at GitLab. */
const CORA = 11;
const WITHIN = { timeout: 20_000, interval: 50 };

let folder: string;
let database: TestDatabase;
let gitlab: GitlabServer;
let github: GithubServer;
let server: InterlockProcess;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'interlock-tracker-'));
  [database, gitlab, github] = await Promise.all([testDatabase(), startGitlab(), startGithub()]);
  const policy = (await readFile(OPEN_HOURS, 'utf8')).replace(
    'environments:',
    'connections: { issue: gitlab }\nenvironments:',
  );
  const files = {
    'policy.yaml': policy,
    'gitlab-token': 'glpat-a-token\n',
    'gitlab-hook': HOOK_SECRET,
    'github-token': 'ghp-a-token',
    'github-hook': GITHUB_HOOK,
    'c4.md': 'Put {id} into the log of {environment}.\n',
    'integrations.yaml': `interlock: integrations/1
gitlab:
  url: ${gitlab.url}
  project: ${PROJECT}
  token: { file: gitlab-token }
  hooks: [{ file: gitlab-hook }]
github:
  api: ${github.url}
  repository: ${REPOSITORY}
  token: { file: github-token }
  hooks: [{ file: github-hook }]
  incidents: { label: 'Incident::Active' }
issue: { C4: c4.md }
`,
  };
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(folder, name), text);
  server = await start();
});
afterAll(async () => {
  await server.end('SIGKILL');
  await Promise.all([gitlab.stop(), github.stop(), database.drop()]);
  await rm(folder, { recursive: true, force: true });
});

const start = () =>
  startInterlock(path.join(folder, 'data'), {
    DATABASE_URL: database.url,
    INTERLOCK_POLICY: path.join(folder, 'policy.yaml'),
    INTERLOCK_INTEGRATIONS: path.join(folder, 'integrations.yaml'),
    INTERLOCK_ADMIN_TOKEN_FILE: path.join(folder, 'admin'),
  });

// Tests look into it as into every body.
// oxlint-disable-next-line typescript/no-explicit-any
async function ask(token: string, method: string, where: string, body?: unknown): Promise<any> {
  const response = await fetch(`${server.url}/api/v1${where}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${where}: got \`${response.status}\` ${text}`);
  return JSON.parse(text);
}

async function account(admin: string, name: string, scopes?: readonly string[]): Promise<string> {
  const kind = scopes === undefined ? 'person' : 'service';
  await ask(admin, 'POST', '/people', { name, kind, displayName: name });
  const { id, secret } = await ask(admin, 'POST', `/people/${name}/tokens`, { label: 'test', scopes });
  // As if they had signed in just now.
  const proof = { person: name, credential: id, method: 'password', at: new Date() } as const;
  await transact(database.db, (tx) => noteAuthentication(tx, proof));
  return secret;
}

const hook = async (
  name: string,
  { headers, body }: { readonly headers: Record<string, string>; readonly body: string },
) => (await fetch(`${server.url}/api/v1/hooks/${name}`, { method: 'POST', headers, body })).status;
const count = async (of: string) =>
  Number((await database.db.pool.query<{ n: string }>(`select count(*) as n from ${of}`)).rows[0]?.n);
const issueOf = (change: { readonly id: string }): GitlabIssue => {
  const found = gitlab.issues.filter(({ title }) => title.startsWith(`${change.id}:`));
  expect(found).toHaveLength(1);
  return found[0]!;
};

it('opens an issue for each request, follows it, hears its EOC there, and does all of it once through a KILL', async () => {
  const admin = (await readFile(path.join(folder, 'admin'), 'utf8')).trim();
  const [ana, cora] = [await account(admin, 'ana'), await account(admin, 'cora')];
  const robot = await account(admin, 'robot', ['ask', 'read']);
  const [from, to] = [-1, 24].map((hours) => new Date(Date.now() + hours * 3_600_000).toISOString());
  await ask(admin, 'PUT', '/rota', { eoc: [{ person: 'cora', start: from, end: to }] });
  const opened = (set: Record<string, unknown> = {}) => ask(ana, 'POST', '/changes', sentPlan({ set }));
  const shown = (change: { readonly id: string }) => ask(ana, 'GET', `/changes/${change.id}`);
  const noted = async (issues: number) =>
    expect.poll(() => count('change_issues where issue is not null'), WITHIN).toBe(issues);
  const active = async () => {
    const { incidents } = await ask(ana, 'GET', '/incidents');
    return incidents.filter(({ status }: { readonly status: string }) => status === 'active');
  };

  // Each by the template of its criticality.
  const links = gitlab.open({ title: 'For links' });
  const [c2, c4] = [await opened(), await opened({ criticality: 'C4', topics: [] })];
  await noted(2);
  expect(issueOf(c2)).toMatchObject({ confidential: true, labels: ['change::unscheduled', 'C2'] });
  expect(issueOf(c2).description).toContain('### People and roles');
  expect(issueOf(c4).description).toContain(`Put ${c4.id} into the log of \`illumidesk.com\`.`);

  // Its labels move with its state; what a person wrote around our part stays.
  issueOf(c4).description = `Ours: ask rolf.\n\n${issueOf(c4).description}`;
  issueOf(c4).labels.push('team::shop');
  await ask(ana, 'POST', `/changes/${c4.id}/schedule`, {
    slot: slotIn(600_000),
    acknowledgesConflicts: [c2.id],
  });

  // The EOC links their account, then approves there; GitHub tells of an incident.
  const link = await ask(cora, 'POST', '/account-links', { connection: 'gitlab' });
  gitlab.comment(links.iid, CORA, link.say);
  expect(await hook('gitlab', gitlab.webhook('note', links.iid))).toBe(200);
  const incident = github.open({
    title: 'Shop down',
    labels: [{ name: 'Incident::Active' }, { name: 'S2' }],
  });
  const told = github.webhook(incident.number);
  const forged = { ...told, headers: { ...told.headers, 'x-hub-signature-256': 'sha256=00' } };
  expect([await hook('github', forged), await hook('github', told)]).toEqual([401, 200]);
  await expect
    .poll(() => issueOf(c4).labels.toSorted(), WITHIN)
    .toEqual(['C4', 'change::scheduled', 'team::shop']);
  expect(issueOf(c4).description).toMatch(/^Ours: ask rolf\.\n\n/);
  await expect.poll(() => count('account_links where claimed_at is not null'), WITHIN).toBe(1);
  await ask(cora, 'POST', `/account-links/${link.id}/confirm`);
  await expect.poll(active, WITHIN).toMatchObject([{ title: 'Shop down', severity: 'S2', source: 'github' }]);

  // Killed while GitLab has what it was asked for and its answer is on its way, with more in the outbox, and with a word just heard.
  gitlab.behave('holding');
  const asked = await opened();
  await expect
    .poll(() => gitlab.issues.some(({ title }) => title.startsWith(`${asked.id}:`)), WITHIN)
    .toBe(true);
  const waiting = await opened();
  await expect.poll(() => count(`outbox where key = 'issue:${waiting.id}:1'`), WITHIN).toBe(1);
  gitlab.comment(issueOf(c2).iid, CORA, phraseFor(c2.digest));
  expect(await hook('gitlab', gitlab.webhook('note', issueOf(c2).iid))).toBe(200);
  expect((await server.end('SIGKILL')).status).toBeNull();
  expect(await count('change_issues where issue is null')).toBeGreaterThan(0);

  incident.labels = [];
  gitlab.behave('well');
  server = await start();
  // What the dead server had is its own for fifteen seconds more, which need not be waited for here.
  await database.db.pool.query('update outbox set next_attempt_at = now() where delivered_at is null');
  await noted(4);
  for (const change of [c2, c4, asked, waiting]) expect(issueOf(change).state).toBe('opened');
  await expect
    .poll(async () => (await shown(c2)).approvals, WITHIN)
    .toMatchObject([{ person: 'cora', as: 'eoc', for: 'start', via: 'issue', current: true }]);
  const decided = async () => {
    const { verdicts } = await ask(robot, 'POST', '/decisions', { change: c2.id, action: 'start' });
    const of = (rule: string) =>
      verdicts.find((one: { readonly rule: string }) => one.rule === rule)?.verdict;
    return [of('eoc-written-issue'), of('eoc-written-chat'), of('no-active-incident')];
  };
  // Incidents are asked for at a gate: the tracker has it as over. One that it did not answer in time is left alone for a while.
  await expect.poll(decided, WITHIN).toEqual(['pass', 'deny', 'pass']);
  expect(await active()).toEqual([]);
  expect(await count(`ledger_entries where entry::jsonb ->> 'type' = 'change.approved'`)).toBe(1);
  expect(gitlab.heard().filter((one) => Object(one).title === issueOf(asked).title)).toHaveLength(1);
  expect(gitlab.heard().filter((one) => 'body' in Object(one))).toEqual([]);
  expect(await count('outbox where delivered_at is null or given_up_at is not null')).toBe(0);
});
