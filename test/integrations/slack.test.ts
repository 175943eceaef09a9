import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ChatForm } from '../../src/app/ports/connection.ts';
import { Secret } from '../../src/integrations/peer/secret.ts';
import { choicesAnswer, viewOf } from '../../src/integrations/slack/form.ts';
import { slackConnection } from '../../src/integrations/slack/slack.ts';
import { integrationContract } from '../kit/integration-contract.ts';
import { flawsOfOptions, flawsOfView } from '../kit/slack-limits.ts';
import { httpPeer } from '../kit/peer.ts';
import type { Block } from '../kit/slack-modal.ts';
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

  it.each(['thread_not_found', 'restricted_action_thread_locked'])(
    'says it in the channel itself where there is no thread any more: %s',
    async (code) => {
      const [, ts = ''] = ((await post({})) as { readonly receipt: string }).receipt.split('/');
      server.noThreads.set(ts, code);
      expect(await post({ thread: `${CHANNEL}/${ts}` })).toMatchObject({ kind: 'taken' });
      expect(server.heard().at(-1)).not.toHaveProperty('thread_ts');
    },
  );

  it('begins anew where the thread is of another channel, as the file named it before', async () => {
    expect(await post({ thread: 'C0BEFORE/1700000000.000001' })).toMatchObject({ kind: 'taken' });
    expect(server.heard().at(-1)).not.toHaveProperty('thread_ts');
  });

  it('is announced in no other channel than the one that was meant', async () => {
    const elsewhere = { status: 200, json: { ok: true, channel: 'C0OTHER', ts: '1700000000.000009' } };
    const peer = await httpPeer(() => elsewhere);
    const said = open(peer.url).offers.chat!.post(message, AbortSignal.timeout(5_000));
    expect(await said).toMatchObject({
      kind: 'refused',
      because: expect.stringContaining('in another channel'),
    });
    await peer.stop();
  });

  it('says by a live test whether the production channel takes what it says', async () => {
    const test = async (says: object | string, channel?: string) => {
      server.says = says;
      return open(server.url, undefined, channel).test(AbortSignal.timeout(5_000));
    };
    expect(await test({})).toMatchObject({
      receipt: '`interlock` in the team `illumidesk`, a member of C0PRODUCTION',
    });
    expect(await test('missing_scope')).toMatchObject({
      kind: 'taken',
      receipt: expect.stringContaining('not known without the scope `channels:read`'),
    });
    for (const [said, because] of [
      [await test({ is_member: false }), 'the app is no member of'],
      [await test({ is_archived: true }), 'got one that is archived'],
      [await test({}, 'C0MISTYPED'), '`channel_not_found`'],
    ] as const)
      expect(said).toMatchObject({ because: expect.stringContaining(because) });
    server.says = {};
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

const form = (fields: ChatForm['fields'], text = 'Say what it is.') =>
  viewOf({ title: 'Declare a change', text, about: 'dns-record', fields });
const line = (name: string, value = '') => ({ name, label: name, kind: 'line' as const, value });

describe('a form in Slack', () => {
  it('keeps what Slack documents, however long what stands in it is', () => {
    const names = Array.from({ length: 250 }, (_, index) => ({
      value: `team-${index}`,
      says: 'x'.repeat(90),
    }));
    const view = form(
      [
        { ...line('many', 'team-249'), kind: 'choice', choices: names },
        { ...line('some', 'unlisted'), kind: 'choice', choices: names.slice(0, 9), says: 'x'.repeat(2_500) },
        {
          ...line('typed'),
          kind: 'choices',
          choices: 'searched',
          value: ['a', 'b'],
          example: 'x'.repeat(200),
        },
        { ...line('when', '2030-03-04T22:00:00.000Z'), kind: 'instant' },
        line('long', 'x'.repeat(3_001)),
        { ...line('names'), kind: 'choices', choices: 'searched', value: ['x'.repeat(76)] },
        ...Array.from({ length: 120 }, (_, index) => line(`more ${index}`)),
      ],
      '\u{1f600}'.repeat(4_000),
    );
    expect(flawsOfView(view)).toEqual([]);
    const [many, some, , when] = (view.blocks as Block[]).filter(({ element }) => element);
    expect(many!.element).toMatchObject({ type: 'external_select', initial_option: { value: 'team-249' } });
    expect(some!.element).toMatchObject({ type: 'static_select', initial_option: { value: 'unlisted' } });
    expect(when!.element).toMatchObject({ initial_date_time: 1_898_892_000 });
    expect(JSON.stringify(view.blocks.at(-1))).toContain('left as it is: long, names, more 8');
    expect(flawsOfOptions((JSON.parse(choicesAnswer(names).body) as { options: unknown }).options)).toEqual(
      [],
    );
  });

  it('is refused by what stands for Slack where it does not', () => {
    const sound = form([line('title')]);
    const [text, input] = sound.blocks as Block[];
    for (const broken of [
      { ...sound, blocks: [text, ...Array.from({ length: 100 }, () => ({ ...input, block_id: undefined }))] },
      { ...sound, blocks: [text, input, input] },
      { ...sound, title: { type: 'plain_text', text: 'x'.repeat(25) } },
      { ...sound, submit: undefined },
      { ...sound, private_metadata: 'x'.repeat(3_001) },
      { ...sound, blocks: [{ type: 'section', text: { type: 'plain_text', text: 'x'.repeat(3_001) } }] },
      { ...sound, blocks: [{ ...input, label: { type: 'plain_text', text: 'x'.repeat(2_001) } }] },
      { ...sound, blocks: [{ ...input, element: { ...input!.element, initial_value: 'x'.repeat(3_001) } }] },
      {
        ...sound,
        blocks: [{ ...input, element: { type: 'static_select', action_id: 'value', options: [] } }],
      },
      { ...sound, surprise: true },
    ])
      expect(flawsOfView(broken), JSON.stringify(broken).slice(0, 200)).not.toEqual([]);
  });
});
