import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listenToPeers } from '../../src/app/outside/hear.ts';
import { Secret } from '../../src/integrations/peer/secret.ts';
import { slackConnection } from '../../src/integrations/slack/slack.ts';
import { allowConnections } from '../kit/database-away.ts';
import { startChatWorld, USERS, type ChatWorld } from '../kit/chat-world.ts';
import { slotIn } from '../kit/changes.ts';
import type { SlackModals } from '../kit/slack-modal.ts';
import { CHANNEL, slackBody, slackSignature } from '../kit/slack-server.ts';
import { startSlackSocket } from '../kit/slack-socket.ts';

const DAY_MS = 86_400_000;
let chat: ChatWorld;
let modals: SlackModals;
beforeAll(async () => {
  chat = await startChatWorld();
  ({ modals } = chat.slack);
});
afterAll(() => chat.stop());

/** What nobody could leave as the template has it. */
const WORDS = {
  title: 'Raise work_mem',
  services: ['postgres', 'reports'],
  topics: [],
  objective: 'It is 8 MB.',
  reason: 'Reports spill to disk.',
  impact: 'None.',
  testedBefore: 'On staging.',
  team: ['ana', 'ben'],
  executor: 'ben',
};
const { topics: _topics, ...WORDS_AS_BEGUN } = WORDS;
const submit = async (filled: Parameters<SlackModals['submitted']>[1]) => {
  const flaws = modals.take((await chat.hand(modals.submitted(USERS.ana, filled))).text);
  await chat.turn();
  return flaws;
};
const view = (id = '') =>
  chat.world.server
    .ask('GET', `/api/v1/changes/${id}`, { token: chat.world.ana.token })
    .then(({ body }) => body);
const filedId = () => /^(CHG-\d+) is /.exec(modals.text())?.[1];
const kept = async () => [
  await chat.world.rows('changes'),
  await chat.world.rows(`heard_deliveries where source = 'slack'`),
  await chat.world.rows('ledger_entries'),
];

describe('/change declare', () => {
  it('has the fields of the page, says beside each what is wrong with it, and keeps nothing of that', async () => {
    await chat.type(USERS.ana, 'declare');
    expect(modals.text()).toContain('What it needs before it is over:');
    // Of the template, and not of this policy: it stands there, and is refused.
    expect(Object.keys(await submit(WORDS_AS_BEGUN))).toEqual(['topics']);
    await chat.tell(modals.touched(USERS.ana, { topics: ['database-topology'], title: 'Kept' }));
    expect(modals.text()).toContain('Its criticality is C1 or higher: database-topology asks for that.');
    expect(modals.field('title')?.element).toMatchObject({ initial_value: 'Kept' });
    const before = await kept();
    const past = { start: '2020-03-04T22:00:00Z', end: '2020-03-04T23:30:00Z' };
    const wrong = {
      ...WORDS,
      topics: ['database-topology'],
      criticality: 'C2',
      downtime: 'a while',
      ...past,
    };
    expect(await submit({ ...wrong, objective: '' })).toEqual({
      downtime: expect.stringContaining('expected a duration'),
      objective: expect.stringMatching(/./),
    });
    const flaws = await submit({ ...wrong, downtime: '0 min' });
    expect(flaws).toEqual({
      criticality: expect.stringContaining('expected `C1` or higher for the topic `database-topology`'),
      start: expect.stringContaining('expected a slot that begins after'),
    });
    expect(await kept()).toEqual(before);
    expect(modals.rejected).toEqual([]);
  });

  it('says what is wrong with what no list of it has', async () => {
    const told = modals.submitted(USERS.ana, WORDS);
    const at = Object.keys(told.view.state.values).find((id) => id.startsWith('environment'))!;
    const values = { ...told.view.state.values, [at]: { value: { selected_option: { value: 'nowhere' } } } };
    const { text } = await chat.tell({ ...told, view: { ...told.view, state: { values } } });
    expect(modals.take(text)).toEqual({
      environment: expect.stringContaining('expected an environment of the policy, got `nowhere`'),
    });
  });

  it('asks of a request what its criticality asks for, and of a draft later; files it once, however often it is handed in', async () => {
    const severe = { ...WORDS, criticality: 'C2', severity: 'S2' };
    const flaws = await submit({ ...severe, filing: 'open' });
    expect(Object.keys(flaws).toSorted()).toEqual(['bridge', 'cmoc', 'emoc', 'reviewers', 'start']);
    const before = await chat.world.rows('changes');
    const told = modals.submitted(USERS.ana, severe);
    const { text } = await chat.tell(told);
    expect(JSON.parse(text)).toMatchObject({ response_action: 'update' });
    const id = filedId();
    expect(modals.text()).toContain(`${id} is filed as a draft.`);
    expect(await view(id)).toMatchObject({
      state: 'draft',
      author: 'ana',
      executor: 'ben',
      services: ['postgres', 'reports'],
      criticality: 'C2',
      title: WORDS.title,
    });
    // The same bytes again, and the same form with other words.
    expect((await chat.tell(told)).text).toBe(text);
    await chat.tell({ ...told, trigger_id: 'another' });
    expect(modals.text()).toContain(`${id} is filed as a draft.`);
    const values = Object.fromEntries(
      Object.entries(told.view.state.values).map(([at, one]) =>
        at.startsWith('title') ? [at, { value: { value: 'Another' } }] : [at, one],
      ),
    );
    await chat.tell({ ...told, view: { ...told.view, state: { values } } });
    expect(modals.text()).toContain('expected a form that was not filed yet');
    expect(await chat.world.rows('changes')).toBe(before + 1);
  });

  it('shows the parameters of the procedure that it is begun from, and judges them by their types', async () => {
    await chat.type(USERS.ana, 'declare');
    await chat.tell(modals.touched(USERS.ana, { begin: 'postgres-setting', reason: 'Reports spill.' }));
    expect(modals.view().private_metadata).toBe('postgres-setting');
    expect(modals.field('with.setting')?.hint?.text).toBe('The setting.');
    expect(modals.field('with.to')?.element).toMatchObject({ initial_value: '8MB' });
    expect(modals.field('reason')?.element).toMatchObject({ initial_value: 'Reports spill.' });
    expect(modals.text()).toContain('It counts as service');
    const slot = slotIn(3 * DAY_MS);
    const filled = { 'with.to': '16MB', executor: 'ben', filing: 'open', start: slot.start };
    const flaws = await submit({ ...filled, 'with.to': '16 MB; reboot', 'with.setting': 'Work Mem' });
    expect(flaws).toEqual({
      'with.setting': expect.stringContaining('expected a text like'),
      'with.to': expect.stringContaining('expected a plain text'),
    });
    expect(await submit(filled)).toEqual({});
    const { planText, ...filed } = await view(filedId());
    expect(filed).toMatchObject({
      state: 'unscheduled',
      title: "Set work_mem of the shop's PostgreSQL from 4MB to 16MB",
      slot: { accepted: false },
    });
    expect(planText).toContain('procedure: postgres-setting');
    expect(Date.parse(filed.slot.end) - Date.parse(filed.slot.start)).toBe(30 * 60_000);
    expect(modals.text()).toContain('Its slot is pencilled in');
    expect(modals.rejected).toEqual([]);
  });

  it('says so where the fields are still those of something else', async () => {
    await chat.type(USERS.ana, 'declare dns-record');
    expect(await submit({ begin: 'C4' })).toEqual({
      begin: expect.stringContaining('expected `dns-record`, whose fields these are, got `C4`'),
    });
    // What was chosen since is not taken away by what is shown for an earlier choice.
    const late = modals.touched(USERS.ana, { criticality: 'C1' });
    await chat.tell(modals.touched(USERS.ana, { criticality: 'C2' }));
    const { hash } = modals.view();
    await chat.tell(late);
    expect(modals.view().hash).toBe(hash);
    expect(await chat.type(USERS.ana, 'declare no-such-thing')).toContain('got `no-such-thing`');
  });

  it('finds what can be chosen while somebody types, for whoever linked the account', async () => {
    const found = async (field: string, typed: string, user: string = USERS.ana) =>
      modals.options((await chat.tell(modals.sought(user, field, typed))).text);
    expect(await found('begin', 'setting')).toEqual(['console-setting', 'postgres-setting']);
    expect(await found('begin', '')).toEqual(expect.arrayContaining(['C1', 'C4', 'dns-record']));
    expect(await found('reviewers', 'rh')).toEqual(['rhea']);
    expect(await found('services', 'post')).toEqual(['post', 'postgres']);
    expect(await found('reviewers', '', 'U0NOBODY')).toEqual([]);
    expect(modals.rejected).toEqual([]);
  });

  it('is not filed by an account that nobody linked, which is recorded; says so where the form was late', async () => {
    const [changes = 0, heard = 0, entries = 0] = await kept();
    const told = modals.submitted('U0NOBODY', WORDS);
    const { text } = await chat.tell(told);
    expect(text).toContain('interlock account link slack');
    await chat.tell(told);
    expect(await kept()).toEqual([changes, heard + 1, entries + 1]);
    expect(await chat.type(USERS.ana, 'declare', { trigger_id: 'expired' })).toContain('Too late');
  });

  it('keeps what was written where it cannot be looked at or kept in time, and keeps nothing of it later', async () => {
    await chat.type(USERS.ana, 'declare');
    const before = await kept();
    const owner = new Client({ connectionString: chat.world.server.context.db.url });
    await owner.connect();
    await owner.query('begin; lock table heard_deliveries in access exclusive mode');
    const told = modals.submitted(USERS.ana, WORDS);
    const flaws = modals.take((await chat.tell(told)).text);
    await owner.query('commit');
    await owner.end();
    expect(flaws).toEqual({ begin: expect.stringContaining('Nothing was filed') });
    await chat.turn();
    const [changes = 0, heard = 0] = before;
    expect((await kept()).slice(0, 2)).toEqual([changes, heard]);
    await chat.tell({ ...told, trigger_id: 'pressed again' });
    expect(modals.text()).toContain('is filed as a draft.');
  });

  it('is answered in the form too while the database is away, by a signature alone', async () => {
    await chat.type(USERS.ana, 'declare');
    const told = modals.submitted(USERS.ana, WORDS);
    const sought = modals.sought(USERS.ana, 'executor', 'be');
    await allowConnections(chat.world.server, false);
    const [form, forged, list] = await Promise.all([
      chat.hand(told),
      chat.hand(told, slackSignature('a-secret-of-somebody-else', slackBody(told))),
      chat.hand(sought),
    ]);
    await allowConnections(chat.world.server, true);
    expect(modals.take(form.text)).toEqual({ begin: expect.stringContaining('Nothing was filed') });
    expect(forged.status).toBeGreaterThanOrEqual(400);
    expect(modals.options(list.text)).toEqual([]);
    await chat.tell({ ...told, trigger_id: 'pressed when it is back' });
    expect(modals.text()).toContain('is filed as a draft.');
  });

  it('is the same over the socket, in the acknowledgement of its envelope', async () => {
    const socket = await startSlackSocket();
    const settings = { token: { env: 'NONE' }, channel: CHANNEL, api: socket.api };
    const secrets = { token: new Secret('xoxb-a-token'), signing: [], app: new Secret('xapp-a-token') };
    const { context } = chat.world.server;
    const connections = { ...context.connections, all: [slackConnection(settings, secrets)] };
    const listening = listenToPeers({ ...context, connections });
    await socket.connected();
    const send = async (told: object) => JSON.stringify(await socket.send('interactive', told));
    try {
      await chat.type(USERS.ana, 'declare C4');
      const before = await kept();
      const sound = { ...WORDS, topics: ['console-script'] };
      expect(modals.take(await send(modals.submitted(USERS.ana, { ...sound, downtime: 'a while' })))).toEqual(
        {
          downtime: expect.stringContaining('expected a duration'),
        },
      );
      expect(modals.options(await send(modals.sought(USERS.ana, 'executor', 'be')))).toEqual(['ben']);
      expect(await kept()).toEqual(before);
      const told = modals.submitted(USERS.ana, sound);
      const first = await send(told);
      expect(modals.take(first)).toEqual({});
      expect(await send(told)).toBe(first);
      await chat.turn();
      expect(modals.text()).toContain('is filed as a draft.');
      expect((await kept())[0]).toBe(Number(before[0]) + 1);
    } finally {
      await Promise.all(listening.map((one) => one.stop()));
      await socket.stop();
    }
  });
});
