import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { expectStatus, type OpenedChange } from '../kit/changes.ts';
import { typed } from '../kit/command-line.ts';
import { startPostingWorld, THERE, type PostingWorld } from '../kit/posting-world.ts';
import type { TestAccount } from '../kit/server.ts';

let on: PostingWorld;
let cora: TestAccount;
let rolf: TestAccount;
beforeAll(async () => {
  on = await startPostingWorld();
  ({ cora, rolf } = on.world);
});
afterAll(() => on.stop());

const lendBoth = async () => {
  await on.lend(cora, 'gitlab', THERE.gitlab.cora);
  await on.lend(cora, 'slack', THERE.slack.cora);
};
const posted = async (change: OpenedChange, who = cora) =>
  expectStatus(
    await on.server.ask('GET', `/api/v1/changes/${change.id}/approvals/posted`, { token: who.token }),
    200,
  ).body;
const press = (change: OpenedChange, who = cora, more: object = {}) =>
  change.say(who, '/approvals/posted', { digest: change.digest, ...more });
/** The doors by which the start of a change was approved. */
const doors = async (change: OpenedChange) => {
  const { approvals } = await change.show(cora);
  return approvals
    .filter((one: { for: string; person: string }) => one.for === 'start' && one.person === 'cora')
    .map(({ via }: { via: string }) => via)
    .toSorted();
};
const states = async (change: OpenedChange) =>
  Object.fromEntries(
    (await posted(change)).words.map(({ place, state, because }: Record<string, string>) => [
      place,
      because ? `${state}: ${because}` : state,
    ]),
  );
const secretsIn = async () => {
  const { rows } = await on.server.context.db.pool.query<{ text: string }>(
    `select string_agg(t::text, ' ') as text from (
       select to_jsonb(r) as t from lent_rights r union all select to_jsonb(l) from account_links l
       union all select to_jsonb(o) from outbox o union all select to_jsonb(a) from outbox_attempts a
       union all select to_jsonb(w) from own_words w) all_of_it`,
  );
  const kept = `${rows[0]?.text} ${JSON.stringify(await on.server.ledger())}`;
  const given = [...on.gitlab.authority.given, ...on.slack.authority.given];
  return given.filter((secret) => kept.includes(secret));
};

describe('the right to post as oneself', () => {
  it('is lent at the peer’s own page, and kept sealed', async () => {
    const made = await on.lend(cora, 'gitlab', THERE.gitlab.cora);
    expect(made).toMatchObject({
      state: 'linked',
      externalUser: '11',
      shownAs: 'cora',
      mayPost: { state: 'lent', scopes: ['api'] },
    });
    expect(await on.lend(cora, 'slack', THERE.slack.cora)).toMatchObject({
      externalUser: 'T0TEAM/U0CORA',
      mayPost: { scopes: ['chat:write'] },
    });
    expect(on.gitlab.authority.given.length).toBeGreaterThan(2);
    expect(await secretsIn()).toEqual([]);
  });

  it('is not lent by another’s way, a state nobody gave, a code or a way used before, or without the right asked for', async () => {
    const { authority } = on.gitlab;
    const page = await on.begin(rolf, 'gitlab');
    const query = authority.agree(page, THERE.gitlab.rolf);
    const refused = { body: { code: 'not_permitted' } };
    expect(await on.back(cora, 'gitlab', query)).toMatchObject(refused);
    expect(await on.back(rolf, 'slack', query)).toMatchObject(refused);
    expect(await on.back(rolf, 'gitlab', query.replace(/state=ilf_..../, 'state=ilf_AAAA'))).toMatchObject(
      refused,
    );
    expectStatus(await on.back(rolf, 'gitlab', query), 201);
    expect(await on.back(rolf, 'gitlab', query)).toMatchObject(refused);
    // The code of one way, carried into another: it was asked for with another proof.
    const code = new URLSearchParams(authority.agree(await on.begin(rolf, 'gitlab'), THERE.gitlab.cora)).get(
      'code',
    );
    const state = new URL(await on.begin(rolf, 'gitlab')).searchParams.get('state');
    expect(await on.back(rolf, 'gitlab', `code=${code}&state=${state}`)).toMatchObject(refused);
    const less = authority.agree(await on.begin(rolf, 'gitlab'), THERE.gitlab.rolf, {
      scopes: ['read_user'],
    });
    expect(await on.back(rolf, 'gitlab', less)).toMatchObject({
      body: { code: 'not_permitted', message: expect.stringContaining('`api`') },
    });
    const no = new URL(await on.begin(rolf, 'gitlab')).searchParams.get('state');
    expect(await on.back(rolf, 'gitlab', `error=access_denied&state=${no}`)).toMatchObject(refused);
  });

  it('is nobody’s of an account that is another’s, and asks for a fresh proof', async () => {
    await on.lend(cora, 'gitlab', THERE.gitlab.cora);
    const before = on.gitlab.authority.givenBack.length;
    const query = on.gitlab.authority.agree(await on.begin(rolf, 'gitlab'), THERE.gitlab.cora);
    expect(await on.back(rolf, 'gitlab', query)).toMatchObject({ status: 409 });
    expect(on.gitlab.authority.givenBack.length).toBe(before + 1);
    const stale = await on.server.account('simon', { fresh: false });
    expect(await on.links(stale, 'POST', '/lending', { connection: 'gitlab' })).toMatchObject({
      body: { code: 'reauthentication_required' },
    });
  });

  it('goes back to the peer when its link ends, and when its person leaves', async () => {
    const { id } = await on.lend(rolf, 'gitlab', THERE.gitlab.rolf);
    await on.turn();
    const back = on.gitlab.authority.givenBack.length;
    expectStatus(await on.links(rolf, 'DELETE', `/${id}`), 204);
    await on.turn();
    expect(on.gitlab.authority.givenBack.length).toBe(back + 1);
    const greta = await on.server.account('greta');
    await on.lend(greta, 'slack', 'U0GRETA');
    const { token } = on.server.admin;
    expectStatus(
      await on.server.ask('PATCH', '/api/v1/people/greta', { token, body: { disabled: true } }),
      200,
    );
    await on.turn();
    expect(on.slack.authority.givenBack.length).toBeGreaterThan(0);
    const { rows } = await on.server.context.db.pool.query(
      `select sealed from lent_rights r join account_links l on l.id = r.link where l.person = 'greta' or l.id = '${id}'`,
    );
    expect(rows).toEqual([{ sealed: null }, { sealed: null }]);
  });
});

describe('one press', () => {
  beforeEach(lendBoth);

  it('posts to issue and channel as the engineer on call, and counts for both', async () => {
    const change = await on.opened();
    const { offers, digest } = await posted(change);
    expect(offers).toMatchObject([
      { place: 'issue', connection: 'gitlab', where: 'ops/production#1', account: 'cora', ready: true },
      { place: 'chat', connection: 'slack', account: 'cora', ready: true },
    ]);
    expect(await doors(change)).toEqual([]);
    expectStatus(await press(change), 202);
    // Nothing counts before the peers have it.
    expect(await doors(change)).toEqual([]);
    await on.turn();
    expect(await doors(change)).toEqual(['chat', 'issue']);
    expect(await states(change)).toEqual({ issue: 'counted', chat: 'counted' });
    const message = on.slack.heard().at(-1)!;
    expect(message).toMatchObject({ user: 'U0CORA', blocks: [{ text: { text: offers[1].body } }] });
    const note = on.gitlab.heard().at(-1) as { body: string; author: { id: number } };
    expect(note.author.id).toBe(11);
    expect(note.body.startsWith(offers[0].body)).toBe(true);
    expect(offers[0].body).toContain(digest);
    const times = on.gitlab.heard().length;
    await on.turn();
    expect([await doors(change), on.gitlab.heard().length]).toEqual([['chat', 'issue'], times]);
  });

  it('is made by whoever is on duty, for the plan that was shown, once, and by a terminal as well', async () => {
    const change = await on.opened();
    expect(await press(change, rolf)).toMatchObject({ body: { code: 'not_permitted' } });
    const other = `sha256:${'0'.repeat(64)}`;
    expect(await press(change, cora, { digest: other })).toMatchObject({ body: { code: 'stale' } });
    const environment = { INTERLOCK_URL: on.server.url, INTERLOCK_TOKEN: cora.token };
    const told = await typed(['approve', change.id, '--as', 'eoc', '--for', 'start', '--post'], {
      environment,
    });
    expect(told.stdout).toContain('on its way');
    expect(told.stderr).toContain('approve start ');
    expect(await press(change)).toMatchObject({ status: 409 });
    expect(await posted(change, rolf)).toMatchObject({ offers: [{ ready: false }, { ready: false }] });
  });

  it('leaves the one standing where the other fails, and says what to do', async () => {
    const change = await on.opened();
    on.gitlab.authority.revoke(THERE.gitlab.cora);
    expectStatus(await press(change), 202);
    await on.turn();
    expect(await doors(change)).toEqual(['chat']);
    expect((await states(change))['issue']).toMatch(/^refused: gitlab takes .* link the account again/);
    expect((await posted(change)).offers[0]).toMatchObject({ ready: false });
    const { links } = expectStatus(await on.links(cora, 'GET'), 200).body;
    expect(links.map(({ mayPost }: { mayPost: { state: string } | null }) => mayPost?.state)).toContain(
      'broken',
    );
  });

  it('renews what the peer lets end, once, and posts', async () => {
    const change = await on.opened();
    on.gitlab.authority.expire();
    await on.world.asOwner(
      `update lent_rights set until = now() - interval '1 minute' where sealed is not null`,
    );
    const before = on.gitlab.authority.renewals();
    expectStatus(await press(change), 202);
    await on.turn();
    expect(await doors(change)).toEqual(['chat', 'issue']);
    expect(on.gitlab.authority.renewals()).toBe(before + 1);
    expect(await secretsIn()).toEqual([]);
  });

  it('is posted once where the peer was away, and never so late that it means something else', async () => {
    const change = await on.opened();
    on.gitlab.behave('busy');
    expectStatus(await press(change), 202);
    await on.turn();
    expect(await doors(change)).toEqual(['chat']);
    expect((await states(change))['issue']).toMatch(/^on-its-way: expected/);
    on.gitlab.behave('well');
    await on.turn();
    expect(await doors(change)).toEqual(['chat', 'issue']);
    const late = await on.opened();
    expectStatus(await press(late, cora, { places: ['chat'] }), 202);
    await on.world.asOwner(
      `update own_words set asked_at = asked_at - interval '11 minutes' where settled_at is null`,
    );
    const heard = on.slack.heard().length;
    await on.turn();
    expect([await doors(late), on.slack.heard().length]).toEqual([[], heard]);
    expect((await states(late))['chat']).toMatch(/^refused: .*press again/);
  });

  it('counts for nobody where the link ended, the plan was edited, or the right was moved to another', async () => {
    const change = await on.opened();
    expectStatus(await press(change), 202);
    await on.world.asOwner(
      `update lent_rights r set sealed = (select sealed from lent_rights other where other.sealed <> r.sealed limit 1)
       where sealed is not null`,
    );
    const before = [on.slack.heard().length, on.gitlab.heard().length];
    await on.turn();
    expect(await doors(change)).toEqual([]);
    expect([on.slack.heard().length, on.gitlab.heard().length]).toEqual(before);
    await lendBoth();
    const edited = await on.opened();
    expectStatus(await press(edited), 202);
    expectStatus(await edited.edit(on.world.ana, { set: { 'estimate.steps': '11 min' } }), 200);
    await on.turn();
    expect((await states(edited))['chat']).toMatch(/^refused: the plan was edited/);
  });
});
