import { constants, deflateRawSync } from 'node:zlib';
import { afterEach, expect, it } from 'vitest';
import type { Told } from '../../src/app/ports/connection.ts';
import { Secret } from '../../src/integrations/peer/secret.ts';
import { isSocketOf } from '../../src/integrations/slack/socket-client.ts';
import { slackListens } from '../../src/integrations/slack/socket.ts';
import { typed } from '../kit/slack-server.ts';
import { frame, startSlackSocket, type SlackSocket, type SocketManner } from '../kit/slack-socket.ts';

// TRUST.md section 5, attacks 24, 26 and 43, from the socket that is asked for: what stands at its other end may say anything.
const NOTHING = { contentType: 'text/plain', body: '' };
let slack: SlackSocket;
let listening: { stop(): Promise<void> };
let told: Told[] = [];
let trouble: string[] = [];
const listen = async (manner: SocketManner = {}, open = 20_000) => {
  [slack, told, trouble] = [await startSlackSocket(manner), [], []];
  listening = slackListens(slack.api, new Secret('xapp-a-token'), { open, brief: 30_000 })(
    (read) => {
      told.push(read(1_700_000_000_000));
      return Promise.resolve({ answer: NOTHING });
    },
    (because) => trouble.push(because),
  );
};
afterEach(async () => {
  await listening.stop();
  await slack.stop();
});
const hears = async (text: string) => {
  await slack.send('slash_commands', typed({ reply: 'https://hooks.slack.com/commands/1' }, 'U0ANA', text));
  return told.flatMap((one) => (one.kind === 'heard' ? one.events : [])).at(-1);
};

it('what is no envelope ends neither this program nor its connection, and nothing follows', async () => {
  await listen();
  await slack.connected();
  const envelope = { type: 'slash_commands', envelope_id: 'one' };
  const senseless = [
    'null',
    '"words"',
    '[]',
    '{',
    '',
    '['.repeat(200_000),
    // What the client says to itself, and what it looks into.
    ...['error', 'close', 'disconnected', 'connected', 'ws_message', 'authenticated', '__proto__'].map(
      (type) => JSON.stringify({ type, envelope_id: 'one' }),
    ),
    '{"type":"events_api"}',
    '{"type":"events_api","payload":null}',
    '{"type":"slash_commands","type":"hello","envelope_id":"one"}',
    JSON.stringify({ ...envelope, envelope_id: { toString: 1 } }),
    JSON.stringify({ ...envelope, payload: 'x'.repeat(1_048_576) }),
  ];
  for (const text of senseless) slack.say(text);
  slack.bytes(frame(2, Buffer.from(JSON.stringify(envelope))));
  expect(await hears('list')).toMatchObject({ kind: 'chat-command', text: 'list' });
  expect([told.length, slack.opened(), slack.answers.size, trouble]).toEqual([1, 1, 1, []]);
  // What an envelope holds may be anything, and is nothing of ours.
  for (const payload of ['null', '"x"', '{"command":{}}', `${'['.repeat(5_000)}${']'.repeat(5_000)}`])
    slack.say(`{"type":"interactive","envelope_id":"other","payload":${payload}}`);
  expect(await hears('list again')).toMatchObject({ text: 'list again' });
  expect(slack.opened()).toBe(1);
});

it('a message that is packed is unpacked up to a limit; then its connection is let go, and another is opened', async () => {
  await listen({ packs: true });
  await slack.connected();
  // Each piece can be unpacked by itself, so that a gigabyte need not be packed here.
  const piece = deflateRawSync(Buffer.alloc(1_048_576, ' '), { finishFlush: constants.Z_FULL_FLUSH });
  const bomb = Buffer.concat(Array.from({ length: 1_024 }, () => piece));
  expect(bomb.length).toBeLessThan(1_100_000);
  const first = slack.letGo();
  slack.bytes(frame(1, bomb, true));
  await first;
  await slack.connected();
  expect(await hears('list')).toMatchObject({ text: 'list' });
  expect([told.length, slack.opened()]).toEqual([1, 2]);
});

it('a message that is announced as longer than anybody sends is not waited for', async () => {
  await listen();
  await slack.connected();
  const first = slack.letGo();
  const head = Buffer.from([0x81, 127, 0, 0, 0, 0, 0x7f, 0, 0, 0]);
  slack.bytes(head);
  await first;
  await slack.connected();
  expect(await hears('list')).toMatchObject({ text: 'list' });
});

it('one that says nothing once it is open is let go of, and that is told', async () => {
  await listen({ greets: [] }, 100);
  await expect.poll(() => trouble.at(-1)).toContain('expected the socket of Slack to open within 0.1 s');
  await slack.letGo();
});

it('one that ends each connection at once is left alone for longer each time', async () => {
  await listen({ greets: [{ type: 'hello' }, { type: 'disconnect' }] });
  await slack.connected();
  await slack.connected();
  await slack.letGo();
  // The third is a second away: however fast it is, nobody runs in circles.
  await new Promise((over) => setTimeout(over, 150));
  expect(slack.opened()).toBe(2);
});

it.each([
  ['a file', 'file:///etc/passwd'],
  ['a page', 'http://127.0.0.1:9/'],
  ['nothing', 'nothing'],
])('an address that is %s is not gone to', async (_, url) => {
  await listen({ leadsTo: () => url });
  await expect.poll(() => trouble.at(-1)).toContain('expected the address of a web socket');
  expect(slack.opened()).toBe(0);
});

it('an address without TLS is none where Slack is asked over it', () => {
  expect(isSocketOf('https://slack.com/api/', 'wss://wss-primary.slack.com/link')).toBe(true);
  for (const url of ['ws://wss-primary.slack.com/link', 'https://slack.com', null, {}, 'wss:'])
    expect(isSocketOf('https://slack.com/api/', url)).toBe(false);
});
