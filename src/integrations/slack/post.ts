import { createHash } from 'node:crypto';
import type { ChatMessage, Taken } from '../../app/ports/connection.ts';
import { blocksOf, escaped } from './blocks.ts';
import { callSlack, type Answered, type SlackWeb } from './web.ts';

/** Writes a message to a channel, or to one person. Its receipt is `channel/ts`, which is what Slack knows it by. */
export function postMessage(
  web: SlackWeb,
  channel: string,
  message: ChatMessage,
  signal: AbortSignal,
): Promise<Taken> {
  return callSlack(web, 'chat.postMessage', { sends: sentOf(channel, message), read: receiptOf, signal });
}

/** A message as `chat.postMessage` takes it. */
export function sentOf(channel: string, { id, body, thread, buttons }: ChatMessage) {
  const [, ts] = (thread ?? '').split('/');
  return {
    channel,
    text: escaped(body.slice(0, 3_000).toWellFormed()),
    blocks: blocksOf(body, buttons),
    unfurl_links: false,
    unfurl_media: false,
    // The same in every attempt: Slack's clients show what came twice once, and people can tell by the metadata.
    client_msg_id: uuidOf(id),
    metadata: { event_type: 'interlock_message', event_payload: { id } },
    ...(ts !== undefined && { thread_ts: ts }),
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
