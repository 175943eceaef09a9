import { createHash } from 'node:crypto';
import type { ChatMessage, Connection, Taken } from '../../app/ports/connection.ts';
import type { SlackSettings } from '../../contract/integrations/slack.ts';
import type { Secret } from '../peer/secret.ts';
import { blocksOf, escaped } from './blocks.ts';
import { slackHears } from './hears.ts';
import { slackListens } from './socket.ts';
import { slackTalk } from './talk.ts';
import { callSlack, type Answered, type SlackWeb } from './web.ts';

/** The secrets that the file names for it. */
export interface SlackSecrets {
  readonly token: Secret;
  readonly signing: readonly Secret[];
  readonly app: Secret | null;
}

/** Slack, as an app of one workspace. Its receipts are `channel/ts`, which is what Slack knows a message by. */
export function slackConnection(settings: SlackSettings, { token, signing, app }: SlackSecrets): Connection {
  const api = settings.api.endsWith('/') ? settings.api : `${settings.api}/`;
  const web: SlackWeb = { api, token };
  const { channel } = settings;
  return {
    name: 'slack',
    peer: `${new URL(api).host} ${channel}`,
    offers: { chat: { post: (message, signal) => post(web, channel, message, signal) } },
    hears: signing.length === 0 ? null : slackHears(signing),
    ...(app && { listens: slackListens(api, app) }),
    ...((app || signing.length > 0) && { talk: slackTalk(web) }),
    test: (signal) => callSlack(web, 'auth.test', { read: whoWeAre, signal }),
  };
}

function post(
  web: SlackWeb,
  channel: string,
  { id, body, thread, buttons }: ChatMessage,
  signal: AbortSignal,
): Promise<Taken> {
  const [, ts] = (thread ?? '').split('/');
  const sends = {
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
  return callSlack(web, 'chat.postMessage', { sends, read: receiptOf, signal });
}

function receiptOf({ channel, ts }: Answered): string | null {
  return typeof channel === 'string' && typeof ts === 'string' && /^\d+\.\d+$/.test(ts)
    ? `${channel}/${ts}`
    : null;
}

function whoWeAre({ team, user }: Answered): string | null {
  return typeof team === 'string' && typeof user === 'string' ? `\`${user}\` in the team \`${team}\`` : null;
}

/** As a UUID of one's own making (RFC 9562, version 8). */
function uuidOf(id: string): string {
  const hex = createHash('sha256').update(id).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
