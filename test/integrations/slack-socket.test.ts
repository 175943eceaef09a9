import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Told } from '../../src/app/ports/connection.ts';
import { Secret } from '../../src/integrations/peer/secret.ts';
import { slackListens } from '../../src/integrations/slack/socket.ts';
import { submitted, typed } from '../kit/slack-server.ts';
import { startSlackSocket, type SlackSocket } from '../kit/slack-socket.ts';

const AT = 1_700_000_000_000;
let slack: SlackSocket;
let listening: { stop(): Promise<void> };
let keeps = true;
const told: Told[] = [];
const trouble: string[] = [];
beforeAll(async () => {
  slack = await startSlackSocket();
  listening = slackListens(slack.api, new Secret('xapp-a-token'))(
    async (read) => {
      if (!keeps) throw new Error('the database is away');
      const one = read(AT);
      told.push(one);
      return one;
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
  expect(told.at(-1)!.events).toMatchObject([
    { kind: 'chat-command', who: 'T0TEAM/U0ANA', text: 'list', at: AT },
  ]);
  expect(await slack.send('interactive', submitted('U0ANA', { title: 'One' }))).toMatchObject({
    response_action: 'update',
  });
  expect(told.at(-1)!.events).toMatchObject([{ kind: 'chat-form', fields: { title: 'One' } }]);
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
