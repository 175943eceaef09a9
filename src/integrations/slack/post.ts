import { createHash } from 'node:crypto';
import type { ChatMessage, Taken } from '../../app/ports/connection.ts';
import { blocksOf, escaped } from './blocks.ts';
import { callSlack, type Answered, type SlackWeb } from './web.ts';

/** There is no such thread any more, or nobody may write in it: what is said is said in the channel itself. */
const NO_THREAD: ReadonlySet<string> = new Set([
  'thread_not_found',
  'invalid_thread_ts',
  'cannot_reply_to_message',
  'restricted_action_thread_locked',
  'restricted_action_non_threadable_channel',
]);

/** Writes a message to a channel, or to one person. Its receipt is `channel/ts`, which is what Slack knows it by. */
export async function postMessage(
  web: SlackWeb,
  channel: string,
  message: ChatMessage,
  signal: AbortSignal,
): Promise<Taken> {
  const sends = sentOf(channel, message);
  const instead = { of: NO_THREAD, sends: sentOf(channel, { ...message, thread: null }) };
  const said = await callSlack(web, 'chat.postMessage', {
    sends,
    instead: 'thread_ts' in sends ? instead : undefined,
    read: receiptOf,
    signal,
  });
  // What is said to one person stands in a channel of the two. Elsewhere it is proof of nothing, and sent again it would stand there twice.
  const isPlace = !channel.startsWith('U') && !channel.startsWith('W');
  return said.kind === 'taken' && isPlace && !said.receipt?.startsWith(`${channel}/`)
    ? { kind: 'refused', because: `expected it to stand in \`${channel}\`, got it in another channel` }
    : said;
}

/** A message as `chat.postMessage` takes it. */
export function sentOf(channel: string, { id, body, thread, buttons }: ChatMessage) {
  // A thread of another channel is none of this one: the file may name another since.
  const [there, ts] = (thread ?? '').split('/');
  return {
    channel,
    text: escaped(body.slice(0, 3_000).toWellFormed()),
    blocks: blocksOf(body, buttons),
    unfurl_links: false,
    unfurl_media: false,
    // The same in every attempt: Slack's clients show what came twice once, and people can tell by the metadata.
    client_msg_id: uuidOf(id),
    metadata: { event_type: 'interlock_message', event_payload: { id } },
    ...(ts !== undefined && there === channel && { thread_ts: ts }),
  };
}

function receiptOf({ channel, ts }: Answered): string | null {
  return typeof channel === 'string' && typeof ts === 'string' && /^\d+\.\d+$/.test(ts)
    ? `${channel}/${ts}`
    : null;
}

/** As a UUID of one's own making (RFC 9562, version 8). */
function uuidOf(id: string): string {
  const hex = createHash('sha256').update(id).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
