import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Secret } from '../../src/integrations/peer/secret.ts';
import { slackConnection } from '../../src/integrations/slack/slack.ts';
import { integrationContract } from '../kit/integration-contract.ts';
import { CHANNEL, startSlack, type SlackMessage, type SlackServer } from '../kit/slack-server.ts';

const open = (url: string, token = 'xoxb-a-token', channel = CHANNEL) =>
  slackConnection(
    { token: { env: 'NONE' }, channel, api: `${url}/api/` },
    { token: new Secret(token), signing: [], app: null },
  );
const message = { id: 'say:1', about: 'change/CHG-1', body: 'CHG-1 is about to start.', thread: null };

integrationContract({
  name: 'slack',
  peer: startSlack,
  open: (peer, secret) => open(peer.url, secret),
  offers: { chat: (connection, id, signal) => connection.offers.chat!.post({ ...message, id }, signal) },
  idOf: (heard) => (heard as SlackMessage).client_msg_id,
});

describe('slack', () => {
  let server: SlackServer;
  beforeAll(async () => {
    server = await startSlack();
  });
  afterEach(() => server.behave('well'));
  afterAll(() => server.stop());
  const post = (more: object, channel?: string) =>
    open(server.url, undefined, channel).offers.chat!.post(
      { ...message, ...more },
      AbortSignal.timeout(5_000),
    );

  it('gives channel and ts as the receipt, and writes on in the thread of the first message', async () => {
    const first = await post({});
    expect(first).toEqual({
      kind: 'taken',
      receipt: expect.stringMatching(/^C0PRODUCTION\/1700000000\.\d{6}$/),
    });
    const { receipt } = first as { readonly receipt: string };
    await post({ thread: receipt });
    expect(server.heard().at(-1)!.thread_ts).toBe(receipt.split('/')[1]);
  });

  it('calls nobody by name, and shows what people wrote as it is', async () => {
    await post({ body: '<!channel> *now* & <https://evil.example|here>' });
    const { text, blocks } = server.heard().at(-1)!;
    expect(text).not.toMatch(/[<>]/);
    expect(blocks).toEqual([
      {
        type: 'section',
        text: { type: 'plain_text', text: '<!channel> *now* & <https://evil.example|here>', emoji: false },
      },
    ]);
  });

  it('shows what can be pressed, with what it asks for', async () => {
    await post({ buttons: [{ act: 'veto', text: 'Veto', stops: true }] });
    expect(server.heard().at(-1)!.blocks.at(-1)).toMatchObject({
      type: 'actions',
      elements: [{ type: 'button', value: 'veto', style: 'danger', text: { text: 'Veto' } }],
    });
  });

  it('keeps a message for the channel that a person has to set right over there', async () => {
    expect(await post({}, 'C0ELSEWHERE')).toMatchObject({
      kind: 'later',
      because: expect.stringContaining('`channel_not_found`'),
    });
  });
});
