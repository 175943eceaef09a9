import type { AudiencePlace, ChatMessage, Connection, Taken } from '../../app/ports/connection.ts';
import { askPeer, jsonOf, lied } from '../peer/ask.ts';
import type { Secret } from '../peer/secret.ts';

/** The longest post that a server takes by default. */
const LONGEST = 16_000;

/** A channel that takes messages by an incoming webhook as Mattermost has it. It hears nobody, and has no threads. */
export function mattermostConnection(webhook: Secret): Connection {
  const { host, origin } = new URL(webhook.reveal());
  return {
    name: 'mattermost',
    peer: host,
    offers: { chat: { post: (message, signal) => post(webhook, host, message, signal) } },
    hears: null,
    test: (signal) => ping(origin, host, signal),
  };
}

/** A room of audiences' own, by a webhook of its own. */
export function mattermostRoom(
  name: string,
  audiences: AudiencePlace['audiences'],
  webhook: Secret,
): Connection {
  const { host, origin } = new URL(webhook.reveal());
  return {
    name,
    peer: host,
    offers: {
      audience: { way: 'room', audiences, tell: (word, signal) => post(webhook, host, word, signal) },
    },
    hears: null,
    test: (signal) => ping(origin, host, signal),
  };
}

/** A webhook can be asked for nothing but to post: what is asked is the server. */
async function ping(origin: string, host: string, signal: AbortSignal): Promise<Taken> {
  const answer = await askPeer({ url: `${origin}/api/v4/system/ping`, method: 'GET', signal });
  if (!answer.ok) return answer.taken;
  const { status } = (jsonOf(answer.body) ?? {}) as { readonly status?: unknown };
  return status === 'OK'
    ? { kind: 'taken', receipt: `${host} answers` }
    : lied(host, 'a status that is `OK`');
}

async function post(
  webhook: Secret,
  host: string,
  { body }: Pick<ChatMessage, 'body'>,
  signal: AbortSignal,
): Promise<Taken> {
  const answer = await askPeer({
    url: webhook.reveal(),
    method: 'POST',
    json: { text: textOf(body) },
    signal,
  });
  if (!answer.ok) return answer.taken;
  return Buffer.from(answer.body).toString() === 'ok'
    ? { kind: 'taken', receipt: `${host}: ok` }
    : lied(host, '`ok`');
}

/** Nobody is called by name, and nothing is read as markup: what stands in a message came from people. */
function textOf(body: string): string {
  const points = Array.from(body);
  const short = points.length <= LONGEST ? body : `${points.slice(0, LONGEST - 1).join('')}…`;
  return short.replaceAll('@', '@\u200B').replaceAll(/[\\`*_[\]!#~|>]/g, String.raw`\$&`);
}
