import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Connection } from '../../src/app/ports/connection.ts';
import { githubConnection } from '../../src/integrations/github/github.ts';
import { Secret } from '../../src/integrations/peer/secret.ts';
import { HOOK_SECRET, REPOSITORY, startGithub, type GithubServer } from '../kit/github-server.ts';
import { integrationContract } from '../kit/integration-contract.ts';
import type { Peer } from '../kit/peer.ts';

const connectionTo = (peer: Peer, secret = 'ghp-a-token') =>
  githubConnection(
    {
      api: peer.url,
      repository: REPOSITORY,
      token: { env: 'NONE' },
      incidents: { label: 'Incident::Active' },
    },
    { token: new Secret(secret), hooks: [new Secret(HOOK_SECRET)] },
  );
const wanted = {
  id: 'issue:CHG-1',
  about: 'change/CHG-1',
  title: 'CHG-1: Raise work_mem',
  environment: 'illumidesk.com',
  section: 'Is `unscheduled`.',
  labels: ['change::unscheduled', 'C2'],
  due: '2026-11-17',
  open: true,
};
const signal = () => AbortSignal.timeout(5_000);
const receipt = (taken: { readonly kind: string; readonly receipt?: string | null }) =>
  (taken.receipt ?? '').split(' ');

const withoutIncidents = ({
  offers: { incidents: _incidents, ...offers },
  ...connection
}: Connection): Connection => ({
  ...connection,
  offers,
});

let opened = 0;
integrationContract({
  name: 'github',
  peer: startGithub,
  // Incidents are read, which leaves nothing at the peer to be counted: they are tried below.
  open: (peer, secret) => withoutIncidents(connectionTo(peer, secret)),
  offers: {
    // What was opened once is not again, so each of these is another.
    tracker: (connection, id, during) =>
      connection.offers.tracker!.open({ ...wanted, id: `${id}:${(opened += 1)}` }, during),
  },
  idOf: null,
});

describe('github', () => {
  let github: GithubServer;
  beforeAll(async () => {
    github = await startGithub();
  });
  afterAll(() => github.stop());
  const test = async (says: object) => {
    github.says = says;
    return connectionTo(github).test(signal());
  };
  const tracker = () => connectionTo(github).offers.tracker!;

  it('opens one issue however often it is asked, keeps its own part of it, and writes nothing where nothing differs', async () => {
    const first = receipt(await tracker().open(wanted, signal()));
    github.open({ body: github.issues[0]!.body });
    expect(receipt(await tracker().open(wanted, signal()))).toEqual(first);
    expect(first[0]).toBe(`${REPOSITORY}#1`);
    const issue = github.issues[0]!;
    issue.body = `Mind the cache.\r\n\r\n${issue.body?.replaceAll('\n', '\r\n')}\r\n\r\nAsked rolf.`;
    issue.labels.push({ name: 'databases' });
    const written = github.heard().length;
    const same = await tracker().keep({ ...wanted, issue: first[0]! }, signal());
    expect(receipt(same)[1]).toBe(first[1]);
    expect(github.heard().length).toBe(written);
    const next = {
      ...wanted,
      section: 'Is `complete`.',
      labels: ['change::complete', 'C2'],
      open: false,
      issue: first[0]!,
    };
    await tracker().keep(next, signal());
    expect(issue.body).toMatch(/^Mind the cache\.[^]*Is `complete`\.[^]*Asked rolf\.$/);
    expect(issue).toMatchObject({
      state: 'closed',
      labels: [{ name: 'C2' }, { name: 'databases' }, { name: 'change::complete' }],
    });
  });

  it('leaves what people write while it writes: a label, and all of the text where ours is as it was', async () => {
    const [name] = receipt(await tracker().open({ ...wanted, id: 'issue:CHG-7' }, signal()));
    const issue = github.issues.at(-1)!;
    github.meanwhile(() => {
      issue.body = `Ask rolf first.\n\n${issue.body}`;
      issue.labels.push({ name: 'team::shop' });
    });
    const labels = ['change::complete', 'C2'];
    const [, kept] = receipt(
      await tracker().keep({ ...wanted, labels, open: false, issue: name! }, signal()),
    );
    expect(issue.body).toMatch(/^Ask rolf first\.\n\n[^]*Is `unscheduled`\./);
    expect(issue.labels.map((label) => label.name).toSorted()).toEqual([
      'C2',
      'change::complete',
      'team::shop',
    ]);
    expect(issue.state).toBe('closed');
    const before = github.heard().length;
    const again = await tracker().keep({ ...wanted, labels, open: false, issue: name! }, signal());
    expect([receipt(again)[1], github.heard().length]).toEqual([kept, before]);
  });

  it('says by a live test that its repository does not take issues of ours', async () => {
    expect(await test({})).toEqual({ kind: 'taken', receipt: `\`interlock-machine\` in ${REPOSITORY}` });
    for (const [says, got] of [
      [{ archived: true }, 'got a repository that is archived'],
      [{ has_issues: false }, 'got a repository without issues'],
      [{ permissions: { push: false, triage: false } }, 'got an account that may not label issues there'],
    ] as const)
      expect(await test(says)).toMatchObject({ kind: 'refused', because: expect.stringContaining(got) });
  });

  it('reads who wrote since, with who is a program and what was edited', async () => {
    const { number } = github.open({});
    github.comment(number, 11, 'old', {
      created_at: '2020-01-01T00:00:00Z',
      updated_at: '2020-01-01T00:00:00Z',
    });
    for (let count = 0; count < 110; count += 1) github.comment(number, 12, `word ${count}`);
    github.comment(number, 14, 'from a bot');
    github.comment(number, 11, 'by an app', { performed_via_github_app: { id: 1 } });
    github.comment(number, 11, 'edited', { updated_at: '2099-01-01T00:00:00Z' });
    const seen = await tracker().look(`${REPOSITORY}#${number}`, Date.now() - 60_000, signal());
    if (seen.kind !== 'seen') throw new Error(seen.because);
    expect(seen.found.comments).toHaveLength(113);
    expect(seen.found.comments.slice(-3).map(({ author, bot, edited }) => [author, bot, edited])).toEqual([
      ['14', true, false],
      ['11', true, false],
      ['11', false, true],
    ]);
    expect(await tracker().look('other/repository#1', 0, signal())).toMatchObject({ kind: 'refused' });
  });

  it('closes an issue with a last word, once, and leaves one that is closed', async () => {
    const issue = github.open({});
    const word = {
      id: 'moved:1',
      about: 'change/CHG-1',
      issue: `${REPOSITORY}#${issue.number}`,
      body: 'It goes on in another.',
    };
    const first = await tracker().close(word, signal());
    expect([first.kind, issue.state]).toEqual(['taken', 'closed']);
    const written = github.heard().length;
    expect(await tracker().close(word, signal())).toEqual(first);
    expect(github.heard().length).toBe(written);
    expect(tracker().addressOf(`${REPOSITORY}#4`)).toBe(`${github.url}/${REPOSITORY}/issues/4`);
    expect(tracker().addressOf('what is that')).toBeNull();
  });

  it('says a comment once, and names open incidents, not pull requests', async () => {
    const comment = { id: 'say:1', about: 'change/CHG-1', issue: `${REPOSITORY}#1`, body: 'It has begun.' };
    const first = await tracker().comment(comment, signal());
    expect(await tracker().comment(comment, signal())).toEqual(first);
    const labels = [{ name: 'Incident::Active' }];
    github.open({ title: 'Shop down', labels });
    github.open({ title: 'A pull request', labels, pull_request: {} });
    github.open({ title: 'Over', labels, state: 'closed' });
    const { incidents } = connectionTo(github).offers;
    const looking = { signal: signal(), note: () => undefined };
    const seen = await incidents!.open(looking);
    expect(seen).toMatchObject({ found: [{ title: 'Shop down', severity: 'S1' }] });
    const isOver = async (title: string) => {
      const { number } = github.issues.find((one) => one.title === title)!;
      return incidents!.isOver(`${REPOSITORY}#${number}`, looking);
    };
    expect(await isOver('Shop down')).toEqual({ kind: 'seen', found: false });
    expect(await isOver('Over')).toEqual({ kind: 'seen', found: true });
    expect(await incidents!.isOver(`${REPOSITORY}#999999`, looking)).toMatchObject({ kind: 'refused' });
    for (let count = 0; count < 1_000; count += 1) github.open({ labels });
    // What is not in a list that was cut would count as over.
    expect(await incidents!.open(looking)).toMatchObject({ kind: 'later' });
  });

  it('hears which issue to look at, of its own repository, by the signature alone; the same bytes are the same delivery', () => {
    const { hears } = connectionTo(github);
    const hear = ({ headers, body }: { headers: Record<string, string>; body: string }) =>
      hears!({ headers, body: Buffer.from(body), receivedAtMs: Date.now() });
    const told = github.webhook(4);
    const heard = hear(told);
    expect(heard).toMatchObject({
      kind: 'heard',
      events: [{ kind: 'issue-touched', issue: `${REPOSITORY}#4` }],
    });
    expect(hear({ ...told, headers: { ...told.headers, 'x-github-delivery': 'another' } })).toEqual(heard);
    expect(hear(github.webhook(4, 'other/repository'))).toMatchObject({ events: [] });
    expect(hear({ ...told, body: told.body.replace('4', '5') })).toEqual({ kind: 'unverified' });
    expect(hear({ ...told, headers: {} })).toEqual({ kind: 'unverified' });
  });

  it('has a repository of its own for an environment', async () => {
    const both = githubConnection(
      {
        api: github.url,
        repository: { default: 'ops/everything', environments: { 'illumidesk.com': REPOSITORY } },
        token: { env: 'NONE' },
      },
      { token: new Secret('ghp-a-token'), hooks: [new Secret(HOOK_SECRET)] },
    ).offers.tracker!;
    expect(both.opensAt).toEqual({
      usual: 'ops/everything#',
      environments: { 'illumidesk.com': `${REPOSITORY}#` },
    });
    expect(await both.open(wanted, signal())).toMatchObject({ kind: 'taken' });
    // This GitHub has one repository.
    expect(await both.open({ ...wanted, environment: 'staging' }, signal())).toMatchObject({
      kind: 'refused',
    });
    expect(await both.look(`${REPOSITORY}#1`, 0, signal())).toMatchObject({ kind: 'seen' });
  });
});
