import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Connection } from '../../src/app/ports/connection.ts';
import { gitlabConnection } from '../../src/integrations/gitlab/gitlab.ts';
import { Secret } from '../../src/integrations/peer/secret.ts';
import { BOT, HOOK_SECRET, PROJECT, startGitlab, type GitlabServer } from '../kit/gitlab-server.ts';
import { integrationContract } from '../kit/integration-contract.ts';
import type { Peer } from '../kit/peer.ts';

const connectionTo = (peer: Peer, secret = 'glpat-a-token', project = PROJECT) =>
  gitlabConnection(
    {
      url: peer.url,
      project,
      token: { env: 'NONE' },
      confidential: true,
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
  name: 'gitlab',
  peer: startGitlab,
  // Incidents are read, which leaves nothing at the peer to be counted: they are tried below.
  open: (peer, secret) => withoutIncidents(connectionTo(peer, secret)),
  offers: {
    // What was opened or written once is not again, so each of these is another.
    tracker: (connection, id, during) =>
      connection.offers.tracker!.open({ ...wanted, id: `${id}:${(opened += 1)}` }, during),
  },
  idOf: null,
});

describe('gitlab', () => {
  let gitlab: GitlabServer;
  beforeAll(async () => {
    gitlab = await startGitlab();
  });
  afterAll(() => gitlab.stop());
  const test = async (says: object, project = PROJECT) => {
    gitlab.says = says;
    return connectionTo(gitlab, undefined, project).test(signal());
  };
  const tracker = () => connectionTo(gitlab).offers.tracker!;

  it('opens one issue however often it is asked, and only its own counts as that', async () => {
    const [issue, kept] = receipt(await tracker().open(wanted, signal()));
    const [made] = gitlab.issues;
    expect(made).toMatchObject({
      iid: 1,
      labels: wanted.labels,
      due_date: wanted.due,
      confidential: true,
      state: 'opened',
    });
    gitlab.open({ description: made!.description });
    expect(receipt(await tracker().open(wanted, signal()))).toEqual([issue, kept]);
    expect(issue).toBe(`${PROJECT}#1`);
    const stolen = { ...wanted, id: 'issue:CHG-2' };
    made!.author = { id: 12, username: 'rolf' };
    const [other] = receipt(await tracker().open({ ...stolen }, signal()));
    expect(other).toBe(`${PROJECT}#3`);
    made!.author = { id: BOT, username: 'project_1_bot' };
  });

  it('keeps its own part, leaves what people wrote, and writes nothing where nothing differs', async () => {
    const issue = gitlab.issues[0]!;
    issue.description = `Mind the cache.\n\n${issue.description}\n\nAsked rolf.`;
    issue.labels.push('team::databases');
    const next = {
      ...wanted,
      section: 'Is `scheduled`.',
      labels: ['change::scheduled', 'C2'],
      due: null,
      issue: `${PROJECT}#1`,
    };
    const [, kept] = receipt(await tracker().keep(next, signal()));
    expect(issue.description).toMatch(/^Mind the cache\.[^]*Is `scheduled`\.[^]*\n\nAsked rolf\.$/);
    expect(issue.description).not.toContain('unscheduled');
    expect(issue.labels).toEqual(['C2', 'team::databases', 'change::scheduled']);
    expect(issue.due_date).toBeNull();
    const before = gitlab.heard().length;
    expect(receipt(await tracker().keep(next, signal()))[1]).toBe(kept);
    expect(gitlab.heard().length).toBe(before);
    await tracker().keep({ ...next, open: false }, signal());
    expect(issue.state).toBe('closed');
  });

  it('leaves what people write while it writes, where our part of the text is as it was', async () => {
    const [name] = receipt(await tracker().open({ ...wanted, id: 'issue:CHG-7' }, signal()));
    const issue = gitlab.issues.at(-1)!;
    gitlab.meanwhile(() => {
      issue.description = `Ask rolf first.\n\n${issue.description}`;
      issue.labels.push('team::shop');
    });
    const next = { ...wanted, labels: ['change::complete', 'C2'], open: false, issue: name! };
    const [, kept] = receipt(await tracker().keep(next, signal()));
    expect(issue.description).toMatch(/^Ask rolf first\.\n\n[^]*Is `unscheduled`\./);
    expect(issue.labels.toSorted()).toEqual(['C2', 'change::complete', 'team::shop']);
    const before = gitlab.heard().length;
    expect([receipt(await tracker().keep(next, signal()))[1], gitlab.heard().length]).toEqual([kept, before]);
  });

  it('hides again what somebody made public, and leaves what somebody hid', async () => {
    const next = { ...wanted, id: 'issue:CHG-8' };
    const [name, kept] = receipt(await tracker().open(next, signal()));
    const issue = gitlab.issues.at(-1)!;
    issue.confidential = false;
    const seen = await tracker().look(name!, Date.now(), signal());
    expect(seen).toMatchObject({ kind: 'seen', found: { kept: expect.not.stringContaining(kept!) } });
    expect(receipt(await tracker().keep({ ...next, issue: name! }, signal()))[1]).toBe(kept);
    expect(issue.confidential).toBe(true);
  });

  it('says by a live test that its project does not take issues of ours, or is not there', async () => {
    expect(await test({})).toEqual({ kind: 'taken', receipt: `\`project_1_bot\` in ${PROJECT}` });
    const guest = { permissions: { project_access: { access_level: 10 }, group_access: null } };
    for (const [says, got] of [
      [{ archived: true }, 'got a project that is archived'],
      [{ issues_enabled: false }, 'got a project without issues'],
      [guest, 'got a role below Reporter'],
    ] as const)
      expect(await test(says)).toMatchObject({ kind: 'refused', because: expect.stringContaining(got) });
    const mistyped = await test({}, 'ops/produktion');
    expect(mistyped).toMatchObject({ because: expect.stringMatching(/^`ops\/produktion`: .*status 404/) });
  });

  it('reads every page of what was written since, with who is a program and what was edited', async () => {
    gitlab.open({});
    const iid = gitlab.issues.length;
    for (let count = 0; count < 120; count += 1) gitlab.comment(iid, 12, `word ${count}`);
    gitlab.comment(iid, 11, 'old', {
      created_at: '2020-01-01T00:00:00.000Z',
      updated_at: '2020-01-01T00:00:00.000Z',
    });
    gitlab.comment(iid, 14, 'from a program');
    gitlab.comment(iid, 99, 'from nobody');
    gitlab.comment(iid, 11, 'edited', { updated_at: new Date(Date.now() + 5_000).toISOString() });
    gitlab.comment(iid, 12, 'changed a label', { system: true });
    const seen = await tracker().look(`${PROJECT}#${iid}`, Date.now() - 60_000, signal());
    if (seen.kind !== 'seen') throw new Error(seen.because);
    const { comments } = seen.found;
    expect(comments).toHaveLength(123);
    expect(comments.slice(-3).map(({ body, bot, edited }) => [body, bot, edited])).toEqual([
      ['from a program', true, false],
      ['from nobody', true, false],
      ['edited', false, true],
    ]);
    expect(await tracker().look('other/project#1', 0, signal())).toMatchObject({ kind: 'refused' });
  });

  it('closes an issue with a last word, once, and leaves one that is closed', async () => {
    const issue = gitlab.open({});
    const word = {
      id: 'moved:1',
      about: 'change/CHG-1',
      issue: `${PROJECT}#${issue.iid}`,
      body: 'It goes on in another.',
    };
    const first = await tracker().close(word, signal());
    expect([first.kind, issue.state]).toEqual(['taken', 'closed']);
    const written = gitlab.heard().length;
    expect(await tracker().close(word, signal())).toEqual(first);
    expect(gitlab.heard().length).toBe(written);
    expect(tracker().addressOf(`${PROJECT}#4`)).toBe(`${gitlab.url}/${PROJECT}/-/issues/4`);
    expect(tracker().addressOf('what is that')).toBeNull();
  });

  it('says a comment once, and names the open incidents by the label as it is written', async () => {
    const comment = { id: 'say:1', about: 'change/CHG-1', issue: `${PROJECT}#1`, body: 'It has begun.' };
    const first = await tracker().comment(comment, signal());
    expect(first.kind).toBe('taken');
    expect(await tracker().comment(comment, signal())).toEqual(first);
    gitlab.open({ title: 'Database down', labels: ['Incident::Active', 'severity::2'] });
    gitlab.open({ title: 'Over', labels: ['Incident::Active'], state: 'closed' });
    gitlab.open({ title: 'Another label', labels: ['incident::active'] });
    const { incidents } = connectionTo(gitlab).offers;
    const noted: string[] = [];
    const looking = { signal: signal(), note: ({ body }: { readonly body: string }) => noted.push(body) };
    const seen = await incidents!.open(looking);
    expect(seen).toMatchObject({ kind: 'seen', found: [{ title: 'Database down', severity: 'S2' }] });
    if (seen.kind === 'seen') expect(seen.found).toHaveLength(1);
    expect(noted).toEqual([expect.stringContaining('Database down')]);
    const isOver = async (title: string) => {
      const { iid } = gitlab.issues.find((one) => one.title === title)!;
      return incidents!.isOver(`${PROJECT}#${iid}`, looking);
    };
    expect(await isOver('Database down')).toEqual({ kind: 'seen', found: false });
    expect(await isOver('Over')).toEqual({ kind: 'seen', found: true });
    expect(await isOver('Another label')).toEqual({ kind: 'seen', found: true });
    expect(await incidents!.isOver('other/project#1', looking)).toMatchObject({ kind: 'refused' });
  });

  it('hears which issue to look at, of its own project, by the signature alone', () => {
    const { hears } = connectionTo(gitlab);
    const hear = ({ headers, body }: { headers: Record<string, string>; body: string }) =>
      hears!({ headers, body: Buffer.from(body), receivedAtMs: Date.now() });
    const note = gitlab.webhook('note', 4);
    expect(hear(note)).toEqual({
      kind: 'heard',
      delivery: note.headers['webhook-id'],
      events: [{ kind: 'issue-touched', issue: `${PROJECT}#4` }],
    });
    expect(hear(gitlab.webhook('issue', 4, 'other/project'))).toMatchObject({ events: [] });
    expect(hear({ ...note, body: note.body.replace('"iid":4', '"iid":5') })).toEqual({ kind: 'unverified' });
    expect(hear({ ...note, headers: {} })).toEqual({ kind: 'unverified' });
  });
});
