import type { AudiencePlace, Connection, Taken } from '../../app/ports/connection.ts';
import type { SlackSettings } from '../../contract/integrations/slack.ts';
import { lied } from '../peer/ask.ts';
import type { Secret } from '../peer/secret.ts';
import { postMessage } from './post.ts';
import { askSlack, type Answered, type SlackWeb } from './web.ts';

/** A channel of audiences' own in the workspace of the app. */
export function slackRoom(
  { name, channel, audiences }: Pick<AudiencePlace, 'audiences'> & { name: string; channel: string },
  { api }: Pick<SlackSettings, 'api'>,
  token: Secret,
): Connection {
  const web: SlackWeb = { api: api.endsWith('/') ? api : `${api}/`, token };
  return {
    name,
    peer: `${new URL(api).host} ${channel}`,
    offers: {
      audience: {
        way: 'room',
        audiences,
        tell: (word, signal) => postMessage(web, channel, { ...word, thread: null }, signal),
      },
    },
    hears: null,
    test: (signal) => isMember(web, channel, signal),
  };
}

/** A room that the app is no member of, or that is archived, takes nothing. */
export async function isMember(web: SlackWeb, channel: string, signal: AbortSignal): Promise<Taken> {
  const seen = await askSlack(web, 'conversations.info', { sends: { channel }, read: roomOf, signal });
  if (seen.kind !== 'seen') return seen;
  const { id, isOpen, isOurs } = seen.found;
  if (id !== channel) return lied(new URL(web.api).host, `the channel \`${channel}\``);
  if (isOpen && isOurs) return { kind: 'taken', receipt: `a member of ${channel}` };
  const got = isOpen ? 'one that the app is no member of: `/invite` it there' : 'one that is archived';
  return {
    kind: 'refused',
    because: `expected a channel that takes what the app says, \`${channel}\`, got ${got}`,
  };
}

function roomOf({ channel: room }: Answered) {
  const { id, is_member: joined, is_archived: archived } = (room ?? {}) as Answered;
  return typeof id === 'string' ? { id, isOurs: joined === true, isOpen: archived !== true } : null;
}
