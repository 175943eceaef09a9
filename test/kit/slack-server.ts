import { createHmac } from 'node:crypto';
import { authority, bearerOf, type Authority } from './authority.ts';
import { slackModals, type SlackModals } from './slack-modal.ts';
import { httpPeer, type Peer, type PeerAnswer, type PeerRequest } from './peer.ts';

/** A message as Slack took it. */
export interface SlackMessage {
  readonly channel: string;
  readonly text: string;
  readonly blocks: readonly Block[];
  readonly thread_ts?: string;
  readonly client_msg_id: string;
  readonly ts: string;
  /** The person as whom it was posted; not there where it was the app. */
  readonly user?: string;
}

interface Block {
  readonly type: string;
  readonly text?: { readonly text: string };
  readonly elements?: readonly { readonly value: string; readonly text: { readonly text: string } }[];
}

export interface SlackServer extends Peer {
  heard(): readonly SlackMessage[];
  /** Where people lend the right to write as themselves. */
  readonly authority: Authority;
  /** What was answered to one person alone, in order. */
  answers(): readonly string[];
  /** The forms that it shows. */
  readonly modals: SlackModals;
  /** User ids of bots. */
  readonly bots: Set<string>;
  /** What it says of its channels beside their names; an error, where it is one. */
  says: object | string;
  /** What it says to a reply in a thread of this `ts`. */
  readonly noThreads: Map<string, string>;
  /** Where whoever asked is answered. */
  readonly reply: string;
}

export const TEAM = 'T0TEAM';
export const CHANNEL = 'C0PRODUCTION';
/** Another channel; the app is a member of it. */
export const ROOM = 'C0ROOM';

const ok = (body: object, took?: unknown): PeerAnswer => ({
  status: 200,
  json: { ok: true, ...body },
  ...(took !== undefined && { took }),
});
/** Slack says no with a good status. */
const no = (error: string): PeerAnswer => ({ status: 200, json: { ok: false, error } });

const shown = (said: ReturnType<SlackModals['open']>) => ('id' in said ? ok({ view: said }) : no(said.error));

/**
 * The part of Slack's Web API that is used here (docs.slack.dev, methods): form fields, of which those that are no text are JSON; a bearer
 * token; `ok: false` with a good status; 429 with `Retry-After`. Answers to one person go to the `response_url` of what they did.
 */
export async function startSlack(): Promise<SlackServer> {
  let sent = 0;
  const answers: string[] = [];
  const bots = new Set<string>();
  const noThreads = new Map<string, string>();
  const people = authority('slack');
  const modals = slackModals();
  const answer = (request: PeerRequest): PeerAnswer => {
    if (request.path === '/respond/away') return { status: 503 };
    if (request.path.startsWith('/respond/')) {
      answers.push((JSON.parse(request.body.toString()) as { readonly text: string }).text);
      return { status: 200, text: 'ok' };
    }
    const fields = fieldsOf(request);
    if (request.path === '/api/oauth.v2.access') return accessOf(people, request);
    const token = bearerOf(request);
    if (token === '') return no('not_authed');
    const person = token.startsWith('slack-') ? people.userOf(token) : null;
    if (token.startsWith('slack-') && person === null) return no('token_revoked');
    if (person !== null) fields['user'] = person;
    switch (request.path.replace('/api/', '')) {
      case 'auth.revoke':
        people.revoke(token);
        return ok({ revoked: true });
      case 'auth.test':
        if (person !== null) return ok({ team: 'illumidesk', team_id: TEAM, user: 'cora', user_id: person });
        return ok({
          team: 'illumidesk',
          team_id: TEAM,
          user: 'interlock',
          user_id: 'U0BOT',
          bot_id: 'B0BOT',
        });
      case 'users.info':
        return ok({ user: { id: fields['user'], is_bot: bots.has(String(fields['user'])), deleted: false } });
      case 'conversations.info':
        if (typeof server.says === 'string') return no(server.says);
        return fields['channel'] === ROOM || fields['channel'] === CHANNEL
          ? ok({ channel: { id: fields['channel'], is_member: true, is_archived: false, ...server.says } })
          : no('channel_not_found');
      case 'views.open':
        return fields['trigger_id'] === 'expired'
          ? no('expired_trigger_id')
          : shown(modals.open(fields['view']));
      case 'views.update':
        return shown(modals.update(String(fields['view_id']), fields['view'], fields['hash']));
      case 'chat.postMessage': {
        const { channel } = fields;
        // To a user id it goes to that person alone, in a channel of the two.
        const known = channel === ROOM ? ROOM : CHANNEL;
        const there = String(channel).startsWith('U') ? `D0${String(channel)}` : known;
        if (there === CHANNEL && channel !== CHANNEL) return no('channel_not_found');
        const noThread = noThreads.get(String(fields['thread_ts']));
        if (noThread !== undefined) return no(noThread);
        sent += 1;
        const ts = `1700000000.${String(sent).padStart(6, '0')}`;
        return ok({ channel: there, ts, message: { user: person ?? 'U0BOT' } }, { ...fields, ts });
      }
      default:
        return no('unknown_method');
    }
  };
  const peer = await httpPeer(answer, { refusing: () => no('msg_too_long') });
  const server: SlackServer = {
    ...peer,
    says: {},
    heard: () => peer.heard() as readonly SlackMessage[],
    answers: () => answers,
    bots,
    noThreads,
    authority: people,
    modals,
    reply: `${peer.url}/respond/1`,
  };
  return server;
}

/** `oauth.v2.access`: a user's token stands in a part of its own, one that was renewed in the answer itself. */
function accessOf(people: Authority, { body }: PeerRequest): PeerAnswer {
  const fields = new URLSearchParams(body.toString());
  const got = people.tokens(fields);
  const isRenewal = fields.get('grant_type') === 'refresh_token';
  if ('error' in got && got.error === 'invalid_client') return no('bad_client_secret');
  if ('error' in got) return no(isRenewal ? 'invalid_refresh_token' : 'invalid_code');
  const user = {
    access_token: got.access,
    token_type: 'user',
    scope: got.scopes.join(','),
    refresh_token: got.refresh,
    expires_in: 43_200,
  };
  return ok(isRenewal ? user : { authed_user: { id: got.user, ...user }, team: { id: TEAM } });
}

function fieldsOf({ body }: PeerRequest): Record<string, unknown> {
  const entries = [...new URLSearchParams(body.toString())].map(([name, text]) => [name, valueOf(text)]);
  return Object.fromEntries(entries) as Record<string, unknown>;
}

function valueOf(text: string): unknown {
  return /^[[{]/.test(text) ? JSON.parse(text) : text;
}

/** What a person does in Slack, as its parts of a request. */
let triggers = 0;

export function typed(slack: Pick<SlackServer, 'reply'>, user: string, text: string, more: object = {}) {
  triggers += 1;
  return {
    command: '/change',
    team_id: TEAM,
    user_id: user,
    user_name: 'whoever',
    channel_id: CHANNEL,
    text,
    response_url: slack.reply,
    trigger_id: `trigger-${triggers}`,
    ...more,
  };
}

export function pressed(
  slack: Pick<SlackServer, 'reply'>,
  user: string,
  { ts, value }: { readonly ts: string; readonly value: string },
  more: object = {},
) {
  triggers += 1;
  return {
    type: 'block_actions',
    user: { id: user, team_id: TEAM, name: 'cora' },
    team: { id: TEAM },
    channel: { id: CHANNEL, name: 'production' },
    message: { ts, text: 'what it says' },
    actions: [{ action_id: 'interlock-0', value, action_ts: String(triggers) }],
    response_url: slack.reply,
    trigger_id: `trigger-${triggers}`,
    ...more,
  };
}

/** The body of what Slack sends: a command as fields, anything else as JSON in one of them. */
export function slackBody(told: Readonly<Record<string, unknown>>): string {
  const fields = 'command' in told ? (told as Record<string, string>) : { payload: JSON.stringify(told) };
  return new URLSearchParams(fields).toString();
}

/** The headers by which Slack signs a body. */
export function slackSignature(secret: string, body: string, at = Math.floor(Date.now() / 1_000)) {
  const hex = createHmac('sha256', secret).update(`v0:${at}:${body}`).digest('hex');
  return {
    'content-type': 'application/x-www-form-urlencoded',
    'x-slack-request-timestamp': String(at),
    'x-slack-signature': `v0=${hex}`,
  };
}
