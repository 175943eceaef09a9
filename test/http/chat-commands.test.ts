import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { digestOf } from '../../src/app/digest.ts';
import { expectStatus } from '../kit/changes.ts';
import { startChatWorld, USERS, type ChatWorld } from '../kit/chat-world.ts';
import { typed } from '../kit/slack-server.ts';

let chat: ChatWorld;
beforeAll(async () => {
  chat = await startChatWorld();
});
afterEach(() => chat.slack.behave('well'));
afterAll(() => chat.stop());

describe('/change', () => {
  it('answers Slack at once, in nothing but its own words', async () => {
    expect(await chat.tell(typed(chat.slack, USERS.ana, 'help'))).toEqual({ status: 200, text: '' });
    expect(chat.slack.answers().at(-1)).toContain('/change veto');
  });

  it('lists and shows requests to who is linked, and to nobody else', async () => {
    const change = await chat.world.open({ set: { title: 'Raise work_mem of the reports' } });
    expect(await chat.type(USERS.ana, 'list reports')).toContain(`${change.id} `);
    const shown = await chat.type(USERS.ana, `show ${change.id}`);
    expect(shown).toContain(`plan ${change.digest}`);
    expect(shown).toContain('refused as it stands');
    expect(await chat.type(USERS.ana, 'show CHG-0')).toBe('expected a change such as `CHG-12`');
    expect(await chat.type(USERS.ana, 'show CHG-9999')).toBe(
      'expected a change, got `CHG-9999`, which there is none of',
    );
    expect(await chat.type('U0NOBODY', `show ${change.id}`)).toContain('interlock account link slack');
  });

  it('vetoes at once, also where Slack itself answers nothing any more', async () => {
    const { change, ts } = await chat.announced();
    expect(await chat.type(USERS.ana, `veto ${change.id} no`)).toBe(
      'expected the engineer on call, got `ana`',
    );
    expect(await chat.type(USERS.cora, `veto ${change.id}`)).toMatch(/^reason: /);
    chat.slack.behave('gone');
    await chat.type(USERS.cora, `veto ${change.id} The replica lags.`);
    await chat.press(USERS.cora, ts, 'veto');
    const { vetoes } = (await chat.world.server.ask('GET', '/api/v1/vetoes', { token: chat.world.ana.token }))
      .body;
    expect(vetoes).toMatchObject([
      { change: change.id, by: 'cora', reason: 'The replica lags.' },
      { change: change.id, by: 'cora', reason: 'Vetoed by a button in the production channel.' },
    ]);
    chat.slack.behave('well');
    await chat.turn();
  });

  it('has a start announced', async () => {
    const change = await chat.world.open({ set: { criticality: 'C3' } });
    expect(await chat.type(USERS.ana, `announce ${change.id}`)).toContain('on its way');
    expect(chat.newest().text).toContain(change.id);
  });
});

describe('a link', () => {
  it('is of the account that Slack signed, in its team, and of nobody who only looks like it', async () => {
    expect(await chat.link(chat.world.ben, 'U0BEN')).toMatchObject({
      state: 'linked',
      externalUser: 'T0TEAM/U0BEN',
      shownAs: 'whoever',
    });
    expect(await chat.type('U0BEN', 'list')).toContain('CHG-');
    expect(await chat.type('U0BEN', 'list', { team_id: 'T0OTHER' })).toContain(
      'interlock account link slack',
    );
  });

  it('is made by no bot, and ends at the word of its person', async () => {
    const { say } = (await chat.links(chat.world.rolf, 'POST', '', { connection: 'slack' })).body;
    chat.slack.bots.add('U0ROBOT');
    expect(await chat.type('U0ROBOT', say)).toContain('got one of a bot');
    const { id } = await chat.link(chat.world.rolf, 'U0ROLF');
    expectStatus(await chat.links(chat.world.rolf, 'DELETE', `/${id}`), 204);
    expect(await chat.type('U0ROLF', 'list')).toContain('interlock account link slack');
  });
});

it('a press that counted is no other word later, where its person could not be told for long', async () => {
  const { change, ts, approve } = await chat.announced();
  const { context } = chat.world.server;
  const approvals = async () => (await change.show(chat.world.ana)).approvals;
  await chat.press(USERS.cora, ts, approve, { response_url: `${chat.slack.url}/respond/away` });
  expect(await approvals()).toHaveLength(1);
  // As if it had come eleven minutes ago.
  const waits = `from outbox where topic = 'heard' and delivered_at is null and payload::text like '%${ts}%'`;
  const [{ payload }] = (await context.db.pool.query(`select payload ${waits}`)).rows;
  const event = { ...payload, at: payload.at - 660_000 };
  const digest = digestOf(context, event);
  await chat.world.asOwner(
    `update outbox set payload = '${JSON.stringify(event)}' where id = (select id ${waits});
     update idempotent_answers set request_digest = '${digest}' where key like '%${event.id}'`,
  );
  const entries = (await chat.world.server.ledger()).length;
  await chat.turn();
  expect((await chat.world.server.ledger()).length).toBe(entries);
  expect(await approvals()).toHaveLength(1);
});
