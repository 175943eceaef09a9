import type { AudiencePlace, Connection } from '../../app/ports/connection.ts';
import type { SlackSettings } from '../../contract/integrations/slack.ts';
import type { Secret } from '../peer/secret.ts';
import { postMessage } from './post.ts';
import { callSlack, type Answered, type SlackWeb } from './web.ts';

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
    test: (signal) =>
      callSlack(web, 'conversations.info', {
        sends: { channel },
        read: (said) => roomOf(said, channel),
        signal,
      }),
  };
}

/** A room that the app is no member of, or that is archived, takes nothing. */
function roomOf({ channel: room }: Answered, id: string): string | null {
  const { id: its, is_member: isMember, is_archived: isArchived } = (room ?? {}) as Answered;
  return its === id && isMember === true && isArchived !== true ? `a member of ${id}` : null;
}
