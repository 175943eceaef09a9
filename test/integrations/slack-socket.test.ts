import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Told } from '../../src/app/ports/connection.ts';
import { Secret } from '../../src/integrations/peer/secret.ts';
import { viewOf } from '../../src/integrations/slack/form.ts';
import { slackListens } from '../../src/integrations/slack/socket.ts';
import { slackModals } from '../kit/slack-modal.ts';
import { typed } from '../kit/slack-server.ts';
import { startSlackSocket, type SlackSocket } from '../kit/slack-socket.ts';

const TITLE = { name: 'title', label: 'Title', kind: 'line', value: '' } as const;
const AT = 1_700_000_000_000;
let slack: SlackSocket;
let listening: { stop(): Promise<void> };
let keeps = true;
const told: Told[] = [];
const trouble: string[] = [];
const NOTHING = { contentType: 'text/plain', body: '' };
beforeAll(async () => {
  slack = await startSlackSocket();
  listening = slackListens(slack.api, new Secret('xapp-a-token'))(
    async (read) => {
      if (!keeps) throw new Error('the database is away');
      const one = read(AT);
      told.push(one);
      return {
        answer: one.kind === 'form' ? one.answers.wrong([{ field: 'title', because: 'too short' }]) : NOTHING,
      };
    },
    (because) => trouble.push(because),
  );
  await slack.connected();
});
afterAll(async () => {
  await listening.stop();
  await slack.stop();
});
const command = typed({ reply: 'https://hooks.slack.com/commands/1' }, 'U0ANA', 'list');

it('hears what people do as it does over HTTP, and answers once it is kept', async () => {
  expect(await slack.send('slash_commands', command)).toEqual({});
  expect(told.at(-1)).toMatchObject({
    kind: 'heard',
    events: [{ kind: 'chat-command', who: 'T0TEAM/U0ANA', text: 'list', at: AT }],
  });
});

it('gives the answer to a form in the acknowledgement itself', async () => {
  const modals = slackModals();
  modals.open(viewOf({ title: 'One', text: 'Say', about: 'C3', fields: [TITLE] }));
  const answer = await slack.send('interactive', modals.submitted('U0ANA', { title: 'x' }));
  expect(told.at(-1)).toMatchObject({ kind: 'form', event: { about: 'C3', fields: { title: 'x' } } });
  expect(modals.take(JSON.stringify(answer))).toEqual({ title: 'too short' });
});

it('does not answer what it could not keep, which is then sent again', async () => {
  keeps = false;
  const before = slack.answers.size;
  void slack.send('slash_commands', command);
  await expect.poll(() => trouble.at(-1)).toContain('the database is away');
  expect(slack.answers.size).toBe(before);
  keeps = true;
});

it('comes back where Slack ends the connection, as it does every few hours', async () => {
  slack.push({ type: 'disconnect', reason: 'refresh_requested' });
  await slack.connected();
  expect(await slack.send('slash_commands', command)).toEqual({});
});
