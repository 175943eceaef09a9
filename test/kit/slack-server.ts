import { httpPeer, type Peer, type PeerAnswer, type PeerRequest } from './peer.ts';

/** A message as Slack took it. */
export interface SlackMessage {
  readonly channel: string;
  readonly text: string;
  readonly blocks: readonly Record<string, unknown>[];
  readonly thread_ts?: string;
  readonly client_msg_id: string;
  readonly ts: string;
}

export interface SlackServer extends Peer {
  heard(): readonly SlackMessage[];
}

export const TEAM = 'T0TEAM';
export const CHANNEL = 'C0PRODUCTION';

const ok = (body: object, took?: unknown): PeerAnswer => ({
  status: 200,
  json: { ok: true, ...body },
  ...(took !== undefined && { took }),
});
/** Slack says no with a good status. */
const no = (error: string): PeerAnswer => ({ status: 200, json: { ok: false, error } });

/**
 * The part of Slack's Web API that is used here (docs.slack.dev, methods): form fields, of which those that are no text are JSON; a bearer
 * token; `ok: false` with a good status; 429 with `Retry-After`.
 */
export async function startSlack(): Promise<SlackServer> {
  let sent = 0;
  const answer = (request: PeerRequest): PeerAnswer => {
    if (!/^Bearer \S+$/.test(request.headers.authorization ?? '')) return no('not_authed');
    const fields = fieldsOf(request);
    switch (request.path.replace('/api/', '')) {
      case 'auth.test':
        return ok({
          team: 'illumidesk',
          team_id: TEAM,
          user: 'interlock',
          user_id: 'U0BOT',
          bot_id: 'B0BOT',
        });
      case 'chat.postMessage': {
        if (fields['channel'] !== CHANNEL) return no('channel_not_found');
        sent += 1;
        const ts = `1700000000.${String(sent).padStart(6, '0')}`;
        return ok({ channel: CHANNEL, ts, message: {} }, { ...fields, ts });
      }
      default:
        return no('unknown_method');
    }
  };
  return (await httpPeer(answer, { refusing: () => no('msg_too_long') })) as SlackServer;
}

function fieldsOf({ body }: PeerRequest): Record<string, unknown> {
  const entries = [...new URLSearchParams(body.toString())].map(([name, text]) => [name, valueOf(text)]);
  return Object.fromEntries(entries) as Record<string, unknown>;
}

function valueOf(text: string): unknown {
  return /^[[{]/.test(text) ? JSON.parse(text) : text;
}
