import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
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
