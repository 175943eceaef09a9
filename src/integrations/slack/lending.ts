import { z } from 'zod';
import type { Lending, OwnWord } from '../../app/ports/lending.ts';
import type { Taken } from '../../app/ports/taken.ts';
import { lendingOf, type Client, type Granted } from '../peer/lending.ts';
import { Secret } from '../peer/secret.ts';
import { sentOf } from './post.ts';
import { askSlack, type Answered, type SlackWeb } from './web.ts';

const NOBODY = new Secret('');

const answered = z.object({
  authed_user: z.object({
    access_token: z.string().min(1),
    refresh_token: z.string().nullish(),
    scope: z.string().default(''),
    expires_in: z.number().positive().nullish(),
  }),
});
/** A token that was renewed stands in the answer itself. */
const renewed = z.object({
  token_type: z.literal('user'),
  access_token: z.string().min(1),
  refresh_token: z.string().nullish(),
  scope: z.string().default(''),
  expires_in: z.number().positive().nullish(),
});

/** Writes in the production channel as people who said yes at Slack: with a user token, which bears their name and no program's. */
export function slackLending(api: string, channel: string, client: Client): Lending {
  const web: SlackWeb = { api, token: NOBODY };
  const as = (access: string): SlackWeb => ({ api, token: new Secret(access) });
  return lendingOf(client, {
    page: new URL('/oauth/v2/authorize', api).href,
    scopeField: 'user_scope',
    scopes: ['chat:write'],
    pkce: false,
    grant: (fields, signal) => {
      const sends = { ...fields, client_id: client.id, client_secret: client.secret.reveal() };
      return askSlack(web, 'oauth.v2.access', { sends, read: grantedBy, signal });
    },
    who: (access, signal) => askSlack(as(access), 'auth.test', { read: whoIs, signal }),
    giveBack: async (access, signal) => {
      const seen = await askSlack(as(access), 'auth.revoke', { read: () => true, signal });
      // What it takes no more is given back.
      const isGone = seen.kind === 'seen' || (seen.kind === 'later' && seen.credential === 'refused');
      return isGone ? { kind: 'taken', receipt: null } : seen;
    },
    post: (access, account, word, signal) => postAs(as(access), channel, { account, word }, signal),
  });
}

function grantedBy(answer: Answered): Granted | null {
  const first = answered.safeParse(answer);
  const again = first.success ? null : renewed.safeParse(answer);
  const user = first.success ? first.data.authed_user : again?.data;
  if (!user) return null;
  return {
    access: user.access_token,
    refresh: user.refresh_token ?? null,
    scopes: user.scope.split(/[ ,]+/).filter(Boolean),
    seconds: user.expires_in ?? null,
  };
}

function whoIs({ team_id: team, user_id: id, user, bot_id: bot }: Answered) {
  const isPerson = typeof team === 'string' && typeof id === 'string' && bot === undefined;
  return isPerson ? { account: `${team}/${id}`, shownAs: typeof user === 'string' ? user : id } : null;
}

/** Slack's own answer says whose message it is and where it stands. */
async function postAs(
  web: SlackWeb,
  channel: string,
  { account, word }: { readonly account: string; readonly word: OwnWord },
  signal: AbortSignal,
): Promise<Taken> {
  const sends = sentOf(channel, { ...word, thread: word.at, about: '' });
  const seen = await askSlack(web, 'chat.postMessage', { sends, read: standing, signal });
  if (seen.kind !== 'seen') return seen;
  const { receipt, there, user } = seen.found;
  return there === channel && user === account.split('/')[1]
    ? { kind: 'taken', receipt }
    : { kind: 'refused', because: 'expected it to stand there as the linked account, got another one' };
}

function standing({ channel: there, ts, message }: Answered) {
  const { user } = (message ?? {}) as { readonly user?: unknown };
  const isWhole = typeof there === 'string' && typeof ts === 'string' && typeof user === 'string';
  return isWhole ? { receipt: `${there}/${ts}`, there, user } : null;
}
