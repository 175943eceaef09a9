import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { remindInChat } from '../../src/app/notice/remind.ts';
import { tellPeople } from '../../src/app/notice/tell.ts';
import { transact } from '../../src/store/database.ts';
import { expectStatus, type OpenedChange } from '../kit/changes.ts';
import { SIGNING, startChatWorld, USERS, type ChatWorld } from '../kit/chat-world.ts';
import { startBody } from '../kit/run-world.ts';
import { CHANNEL, pressed, slackBody, slackSignature, TEAM } from '../kit/slack-server.ts';

let chat: ChatWorld;
beforeAll(async () => {
  chat = await startChatWorld();
});
afterEach(() => chat.slack.behave('well'));
afterAll(() => chat.stop());

const buttonsOf = (ts: string) =>
  chat.slack
    .heard()
    .find((one) => one.ts === ts)!
    .blocks.flatMap(({ elements = [] }) => elements.map(({ value }) => value));
/** What the rule about the EOC's word in chat says of a start. */
const inChat = async (change: OpenedChange) => {
  const { verdict } = await change.show(chat.world.ben);
  return verdict.decision.verdicts.find(({ rule }: { rule: string }) => rule === 'eoc-written-chat').verdict;
};
const approvalsOf = async (change: OpenedChange) => (await change.show(chat.world.ana)).approvals;

describe('the production channel in Slack', () => {
  it('makes an announcement by channel and ts, and others hear along', async () => {
    chat.slack.behave('busy');
    const { change } = await chat.announced();
    expect((await chat.world.server.ledger()).at(-1)).not.toMatchObject({ type: 'change.announced' });
    chat.slack.behave('well');
    await chat.turn();
    const told = chat.newest();
    expect(told.blocks[0]!.text!.text).toContain(`plan ${change.digest}`);
    expect((await chat.world.server.ledger()).at(-1)).toMatchObject({
      type: 'change.announced',
      object: `change/${change.id}`,
      details: { connection: 'slack', delivered: `${CHANNEL}/${told.ts}` },
    });
    expect(chat.mattermost.heard().at(-1)).toContain(`${change.id} (C2, `);
    expect(chat.mattermost.heard().at(-1)).not.toContain('plan sha256');
  });

  it("takes the EOC's word by the button of the announcement, for what that showed", async () => {
    const { change, ts, approve } = await chat.announced();
    expect(await inChat(change)).toBe('deny');
    expect(buttonsOf(ts)).toEqual(expect.arrayContaining([approve, 'veto']));
    expect(await chat.press(USERS.cora, ts, approve)).toBe(
      `cora approved the start of ${change.id} as EOC, for plan ${change.digest}.`,
    );
    expect(await approvalsOf(change)).toMatchObject([
      { person: 'cora', as: 'eoc', for: 'start', via: 'chat', digest: change.digest, current: true },
    ]);
    await chat.turn();
    expect(chat.newest()).toMatchObject({
      thread_ts: ts,
      text: expect.stringContaining('cora approved the start'),
    });
    expect(await inChat(change)).toBe('pass');
    expect((await chat.world.server.ledger()).find(({ type: of }) => of === 'change.approved')).toMatchObject(
      {
        source: 'slack',
        actor: { subject: 'cora' },
      },
    );
  });

  it('takes words on a plan by the message that asks for them', async () => {
    const change = await chat.world.open();
    expect(await chat.type(USERS.ana, `review ${change.id}`)).toContain(change.id);
    await chat.turn();
    const { ts } = chat.newest();
    expect(await chat.press(USERS.rhea, ts, `approve plan reviewer ${change.digest}`)).toContain(
      'as reviewer',
    );
    expect(await approvalsOf(change)).toMatchObject([
      { person: 'rhea', as: 'reviewer', for: 'plan', via: 'chat' },
    ]);
  });
});

describe('the story of a run', () => {
  it('is told in the thread of its change, whatever Slack is at', async () => {
    const key = await chat.world.server.bastion('bastion-2', 'staging.illumidesk.com');
    const change = await chat.world.open({ set: { environment: 'staging.illumidesk.com', executor: 'ben' } });
    await change.say(chat.world.ben, '/announce');
    chat.slack.behave('hanging');
    const { ben, server } = chat.world;
    const asked = { token: ben.token, bastion: key, body: startBody() };
    const { run } = expectStatus(
      await server.ask('POST', `/api/v1/changes/${change.id}/runs`, asked),
      200,
    ).body;
    chat.slack.behave('well');
    for (const _ of [1, 2, 3]) await chat.turn();
    const [first, ...rest] = chat.slack
      .heard()
      .filter(({ text }) => text.includes(change.id) || text.includes(run.id));
    expect(rest.map(({ thread_ts, text }) => [thread_ts, text])).toContainEqual([
      first!.ts,
      `${run.id} started: by ben on bastion-2`,
    ]);
  });
});

describe('what a person is told', () => {
  it('reaches the account that they linked, once, unless they read it before', async () => {
    const { server, cora, vera } = chat.world;
    const tell = (key: string, to: readonly string[]) =>
      transact(server.context.db, (tx) =>
        tellPeople(tx, { to, key, kind: 'test', about: 'change/CHG-1', body: `About ${key}.` }),
      );
    await tell('one', ['cora', 'vera']);
    expect(await remindInChat(server.context)).toBe(1);
    expect(await remindInChat(server.context)).toBe(0);
    await chat.turn();
    expect(chat.newest()).toMatchObject({ channel: USERS.cora, text: 'About one.' });
    await tell('two', ['cora', 'vera']);
    for (const { token } of [cora, vera]) {
      const [{ id }] = (await server.ask('GET', '/api/v1/notices', { token })).body.notices;
      expectStatus(await server.ask('POST', '/api/v1/notices/read', { token, body: { upTo: id } }), 200);
    }
    expect(await remindInChat(server.context)).toBe(0);
  });
});

describe('a word that does not count', () => {
  let at: Awaited<ReturnType<ChatWorld['announced']>>;
  beforeAll(async () => {
    at = await chat.announced();
  });
  const refused = async (said: string | undefined, because: string) => {
    expect(said).toContain(because);
    expect(await approvalsOf(at.change)).toEqual([]);
    expect((await chat.world.server.ledger()).some((one) => String(one['reason']).includes(because))).toBe(
      true,
    );
  };

  it.each<readonly [string, () => Promise<string | undefined>, string]>([
    [
      'of nobody that is linked',
      () => chat.press('U0CORAA', at.ts, at.approve),
      'expected an account that its person linked',
    ],
    [
      'of a name that looks like another',
      () =>
        chat.press('U0MALLORY', at.ts, at.approve, {
          user: { id: 'U0MALLORY', team_id: TEAM, name: 'cora' },
        }),
      'expected an account that its person linked',
    ],
    [
      'of the same user id in another team',
      () => chat.press(USERS.cora, at.ts, at.approve, { user: { id: USERS.cora, team_id: 'T0OTHER' } }),
      'expected an account that its person linked',
    ],
    [
      'of somebody who is not on call',
      () => chat.press(USERS.rhea, at.ts, at.approve),
      'expected whoever is EOC now, got `rhea`',
    ],
    [
      'of its author',
      () => chat.press(USERS.ana, at.ts, at.approve),
      'expected somebody who did not write it',
    ],
    [
      'in another channel',
      () => chat.press(USERS.cora, at.ts, at.approve, { channel: { id: 'C0OTHER' } }),
      'expected a message of the production channel that this server sent',
    ],
    [
      'under a message of somebody else',
      () => chat.press(USERS.cora, '1700000000.999999', at.approve),
      'expected a message of the production channel that this server sent',
    ],
    [
      'under a message that was edited',
      () =>
        chat.press(USERS.cora, at.ts, at.approve, {
          message: { ts: at.ts, edited: { user: 'U0X', ts: '1' } },
        }),
      'expected the message as it was sent',
    ],
    [
      'for another plan than the message showed',
      () => chat.press(USERS.cora, at.ts, `approve start eoc sha256:${'0'.repeat(64)}`),
      'expected a button of this message',
    ],
    [
      'for more than the message asked for',
      () => chat.press(USERS.cora, at.ts, `approve emergency eoc ${at.change.digest}`),
      'expected a button of this server',
    ],
  ])('%s', async (_, act, because) => refused(await act(), because));

  it('of a bot', async () => {
    chat.slack.bots.add(USERS.cora);
    await refused(
      await chat.press(USERS.cora, at.ts, at.approve),
      'expected the account of a person, got one of a bot',
    );
    chat.slack.bots.delete(USERS.cora);
  });

  it('that came too late', async () => {
    chat.slack.behave('gone');
    await chat.press(USERS.cora, at.ts, at.approve);
    expect(await approvalsOf(at.change)).toEqual([]);
    await chat.world.asOwner(
      `update outbox set payload = jsonb_set(payload::jsonb, '{at}', to_jsonb((payload::jsonb->>'at')::float8 - 601000))
       where topic = 'heard' and delivered_at is null`,
    );
    chat.slack.behave('well');
    await chat.turn();
    await refused(chat.slack.answers().at(-1), 'expected a press within the last ten minutes');
  });

  it('that is not signed by Slack, over these bytes, now', async () => {
    const told = pressed(chat.slack, USERS.cora, { ts: at.ts, value: at.approve });
    const body = slackBody(told);
    const good = slackSignature(SIGNING, body);
    const old = slackSignature(SIGNING, body, Math.floor(Date.now() / 1_000) - 301);
    const other = slackSignature(SIGNING, `${body}&a=1`);
    const upper = { ...good, 'x-slack-signature': good['x-slack-signature'].toUpperCase() };
    for (const headers of [old, other, upper, slackSignature('another-secret', body)])
      expect((await chat.tell(told, headers)).status).toBe(401);
    expect(await approvalsOf(at.change)).toEqual([]);
  });

  it('for a plan that was edited since, which is said with what differs', async () => {
    expectStatus(await at.change.edit(chat.world.ana, { set: { impact: 'Another one.' } }), 200);
    await refused(await chat.press(USERS.cora, at.ts, at.approve), 'what differs: ');
  });

  it('twice for one press, however often it comes', async () => {
    const { ts, approve, change } = await chat.announced();
    const told = pressed(chat.slack, USERS.cora, { ts, value: approve });
    await Promise.all([1, 2, 3].map(() => chat.tell(told)));
    await chat.world.asOwner(
      `update outbox set delivered_at = null where topic = 'heard' and payload::text like '%${ts}%'`,
    );
    await chat.turn();
    expect(await approvalsOf(change)).toHaveLength(1);
  });
});
