import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importExported } from '../../src/plan/issue/export.ts';
import { expectStatus, slotIn, type OpenedChange } from '../kit/changes.ts';
import type { GitlabNote, GitlabServer } from '../kit/gitlab-server.ts';
import { startTrackerWorld, type TrackerWorld } from '../kit/tracker.ts';

/** Their ids in the tracker. */
const [CORA, ROLF, LOOK_ALIKE, PROGRAM] = [11, 12, 13, 14];

const TEAM_TEXT = '## Ask the shop team\n\n{objective}\n\n{words}\n\nPut {id} into the log of {environment}.';

let world: TrackerWorld;
let gitlab: GitlabServer;
beforeAll(async () => {
  world = await startTrackerWorld({ C4: TEAM_TEXT });
  gitlab = world.gitlab;
  await world.linkTo(world.cora, CORA);
});
afterAll(() => world.stop());

const issueOf = ({ id }: OpenedChange) => gitlab.issues.find(({ title }) => title.startsWith(`${id}:`))!;
async function opened(): Promise<OpenedChange> {
  const change = await world.open();
  await world.turn();
  return change;
}
const phrase = ({ digest }: OpenedChange) => `approve start ${digest.slice(7, 19)}`;
const headings = (text: string) => [...text.matchAll(/^### (.+)$/gm)].map(([, name]) => name);
const last = async () => (await world.server.ledger()).at(-1);

describe('an issue that stands elsewhere', () => {
  it('is left where it is, in another tracker or project, until somebody moves it; once', async () => {
    const [far, near] = [await opened(), await opened()];
    const before = gitlab.issues.length;
    await world.asOwner(
      `update change_issues set connection = 'github', issue = 'ops/production#1' where change_id = '${far.id}'`,
    );
    await world.asOwner(`update change_issues set issue = 'old/place#7' where change_id = '${near.id}'`);
    const first = structuredClone(gitlab.issues[0]);
    for (const one of [far, near])
      expectStatus(
        await one.say(world.ana, '/schedule', { slot: slotIn(600_000 + before), tentative: true }),
        200,
      );
    await world.turn();
    // Nothing is written into an issue of the same name, nor opened.
    expect([gitlab.issues[0], gitlab.issues.length]).toEqual([first, before]);
    expect(gitlab.asked).toContain('GET /api/v4/projects/old%2Fplace/issues/7');
    const { token } = world.server.admin;
    const move = (name: string, who = token) =>
      world.server.ask('POST', `/api/v1/integrations/${name}/move-issues`, { token: who });
    expect(await move('github')).toMatchObject({ status: 409 });
    expect(await move('gitlab', world.ana.token)).toMatchObject({ status: 403 });
    const { moved } = expectStatus(await move('gitlab'), 202).body;
    expect(moved.toSorted()).toEqual([far.id, near.id].toSorted());
    await world.turn();
    // They were opened there before: those very issues are theirs again.
    expect([issueOf(far).due_date, gitlab.issues.length]).toEqual([expect.any(String), before]);
    const place = await world.server.context.db.pool.query(
      `select issue from change_issues where change_id = any($1) order by issue`,
      [[far.id, near.id]],
    );
    expect(place.rows.every(({ issue }: { issue: string }) => issue.startsWith('ops/production#'))).toBe(
      true,
    );
    expect(expectStatus(await move('gitlab'), 202).body).toEqual({ moved: [] });
  });
});

describe('the issue of a request', () => {
  it('is opened with its plan, follows the request, and is closed with it', async () => {
    const change = await opened();
    const issue = issueOf(change);
    expect(issue).toMatchObject({
      confidential: true,
      labels: ['change::unscheduled', 'C2'],
      due_date: null,
    });
    expect(importExported(issue.description ?? '', () => null, world.server.context.hash)).toMatchObject({
      fileEdited: false,
      // What we say above the plan is nobody's own words.
      unread: [],
    });
    const slot = slotIn(600_000);
    expectStatus(await change.say(world.ana, '/schedule', { slot, tentative: true }), 200);
    await world.turn();
    expect(issue.due_date).toBe(slot.start.slice(0, 10));
    expectStatus(await change.say(world.ana, '/cancel', { reason: 'not needed' }), 200);
    await world.turn();
    expect(issue).toMatchObject({ state: 'closed', labels: ['C2', 'change::cancelled'] });
    const written = gitlab.heard().length;
    await world.turn();
    expect(gitlab.heard().length).toBe(written);
  });

  it('says what its criticality calls for, in the words of the team where it has its own', async () => {
    const textOf = async (criticality: string, set: Record<string, unknown> = {}) => {
      const change = await world.open({ set: { criticality, topics: [], ...set } });
      await world.turn();
      return issueOf(change).description?.replaceAll(change.id, 'CHG') ?? '';
    };
    const whole = await textOf('C2');
    expect(headings(whole).slice(0, 5)).toEqual([
      'People and roles',
      'Words that are wanted',
      'Bridge',
      'Communication',
      'Rollback',
    ]);
    expect(whole).toMatch(/^- \*\*Author\*\*: `ana`$/m);
    expect(whole).toMatch(/^- The EOC on duty approves the start in writing in chat\. `eoc-written-chat`$/m);
    expect(whole).toMatch(/^- \*\*CMOC\*\*: not named$/m);
    const short = await textOf('C3');
    expect(headings(short)[0]).toBe('Words that are wanted');
    expect(headings(short)).not.toContain('People and roles');
    expect(short).not.toContain('eoc-written-chat');
    expect(short).toContain('`eoc-plan-review`');
    const own = await textOf('C4', { objective: '/close {id} @rolf' });
    expect(own).toContain('## Ask the shop team\n\n\\/close {id} @<!-- -->rolf\n\n');
    expect(own).toContain('\n\nPut CHG into the log of `illumidesk.com`.\n\n<!-- interlock:plan begin');
    expect(importExported(own, () => null, world.server.context.hash)).toMatchObject({ fileEdited: false });
  });

  it('is opened for no draft, and once where the tracker was away', async () => {
    const before = gitlab.issues.length;
    gitlab.behave('gone');
    const change = await opened();
    await world.turn();
    gitlab.behave('well');
    await world.turn();
    await world.turn();
    expect(gitlab.issues.length).toBe(before + 1);
    expect(issueOf(change).state).toBe('opened');
  });

  it('keeps what people write around our part; what they write in it is put right, once', async () => {
    const change = await opened();
    const issue = issueOf(change);
    issue.description = `Ours: ask rolf.\n\n${issue.description}`;
    const written = gitlab.heard().length;
    await world.told('issue', issue.iid);
    await world.turn();
    expect(gitlab.heard().length).toBe(written);
    issue.description = issue.description.replace('is `unscheduled`', 'is `scheduled`');
    issue.labels = ['change::scheduled', 'C4', 'team::shop'];
    await world.told('issue', issue.iid);
    expect(await last()).toMatchObject({ type: 'change.issue-restored', object: `change/${change.id}` });
    await world.turn();
    expect(issue.description).toMatch(/^Ours: ask rolf\.\n\n[^]*is `unscheduled`/);
    expect(issue.labels.toSorted()).toEqual(['C2', 'change::unscheduled', 'team::shop']);
    const after = gitlab.heard().length;
    // GitLab tells of our own writing as well.
    await world.told('issue', issue.iid);
    await world.turn();
    expect(gitlab.heard().length).toBe(after);
    expect(await change.show(world.ana)).toMatchObject({ state: 'unscheduled', criticality: 'C2' });
  });
});

describe('a comment of the engineer on call', () => {
  it('approves the start on the issue, for the plan that it names, once', async () => {
    const change = await opened();
    const { iid } = issueOf(change);
    gitlab.comment(iid, CORA, `${phrase(change)}\n\nGood luck.`);
    // Several webhooks about one issue are taken up at once.
    for (const kind of ['note', 'issue', 'issue'] as const) await world.hook(gitlab.webhook(kind, iid));
    await world.told('note', iid);
    await world.told('note', iid);
    const { approvals } = await change.show(world.ana);
    expect(approvals).toMatchObject([
      { person: 'cora', as: 'eoc', for: 'start', via: 'issue', current: true },
    ]);
    const counted = (await world.server.ledger()).filter(
      ({ type, object, outcome }) =>
        type === 'change.approved' && object === `change/${change.id}` && outcome === 'allow',
    );
    expect(counted).toMatchObject([
      { source: 'gitlab', actor: { subject: 'cora', session: expect.stringMatching(/^lnk_/) } },
    ]);
    const path = `/api/v1/changes/${change.id}/discussion`;
    const { body } = await world.server.ask('GET', path, { token: world.ana.token });
    expect(body.messages).toMatchObject([
      {
        person: 'cora',
        body: `${phrase(change)}

Good luck.`,
      },
    ]);
  });

  it.each<[string, string, (change: OpenedChange) => [number, string, Partial<GitlabNote>?]]>([
    ['an account that nobody linked', 'nobody’s here', (change) => [ROLF, phrase(change)]],
    ['a name that looks alike', 'nobody’s here', (change) => [LOOK_ALIKE, phrase(change)]],
    ['a program', 'one of a program', (change) => [PROGRAM, phrase(change)]],
    [
      'an edited comment',
      'an edited one',
      (change) => [CORA, phrase(change), { updated_at: new Date(Date.now() + 1_000).toISOString() }],
    ],
    ['another plan', 'the plan as it is now', () => [CORA, 'approve start 0123456789ab']],
    [
      'an hour ago',
      'last 15 minutes',
      (change) => {
        const at = new Date(Date.now() - 3_600_000).toISOString();
        return [CORA, phrase(change), { created_at: at, updated_at: at }];
      },
    ],
  ])('counts for nothing from %s, and that is recorded', async (_, because, how) => {
    const change = await opened();
    const { iid } = issueOf(change);
    gitlab.comment(iid, ...how(change));
    await world.told('note', iid);
    expect((await change.show(world.ana)).approvals).toEqual([]);
    const entries = (await world.server.ledger()).filter(
      ({ object, type }) => object === `change/${change.id}` && type === 'change.approved',
    );
    expect(entries).toMatchObject([
      { outcome: 'deny', reason: expect.stringContaining(because), source: 'gitlab' },
    ]);
    await world.told('note', iid);
    expect(
      (await world.server.ledger()).filter(
        ({ object, type }) => object === `change/${change.id}` && type === 'change.approved',
      ),
    ).toHaveLength(1);
  });

  it('counts for nothing in another issue, in the middle of other words, or from who is not on call', async () => {
    const change = await opened();
    gitlab.comment(1, CORA, phrase(change));
    await world.told('note', 1);
    expect(await last()).toMatchObject({
      type: 'change.approved',
      outcome: 'deny',
      object: 'connection/gitlab',
    });
    const { iid } = issueOf(change);
    gitlab.comment(iid, CORA, `I would not say: ${phrase(change)}`);
    await world.told('note', iid);
    await world.linkTo(world.rolf, ROLF);
    gitlab.comment(iid, ROLF, phrase(change));
    await world.told('note', iid);
    expect((await change.show(world.ana)).approvals).toEqual([]);
    expect((await world.server.ledger()).findLast(({ type }) => type === 'change.approved')).toMatchObject({
      outcome: 'deny',
      actor: { subject: 'rolf' },
    });
  });

  it('is what the tracker says, whatever a webhook says; a forged one is not heard', async () => {
    const change = await opened();
    const { iid } = issueOf(change);
    const forged = gitlab.webhook('note', iid);
    expect(
      (await world.hook({ ...forged, headers: { ...forged.headers, 'webhook-signature': 'v1,AAAA' } }))
        .status,
    ).toBe(401);
    await world.told('note', iid);
    expect((await change.show(world.ana)).approvals).toEqual([]);
  });
});
