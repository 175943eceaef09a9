import type { Connection, Taken } from '../../app/ports/connection.ts';
import type { SlackSettings } from '../../contract/integrations/slack.ts';
import type { Client } from '../peer/lending.ts';
import type { Secret } from '../peer/secret.ts';
import { slackHears } from './hears.ts';
import { slackLending } from './lending.ts';
import { postMessage } from './post.ts';
import { isMember } from './room.ts';
import { slackListens } from './socket.ts';
import { slackTalk } from './talk.ts';
import { callSlack, type Answered, type SlackWeb } from './web.ts';

/** The secrets that the file names for it. */
export interface SlackSecrets {
  readonly token: Secret;
  readonly signing: readonly Secret[];
  readonly app: Secret | null;
  /** Where people may lend the right to write. */
  readonly client?: Client | null;
}

/** Slack, as an app of one workspace. Its receipts are `channel/ts`, which is what Slack knows a message by. */
export function slackConnection(
  settings: SlackSettings,
  { token, signing, app, client = null }: SlackSecrets,
): Connection {
  const api = settings.api.endsWith('/') ? settings.api : `${settings.api}/`;
  const web: SlackWeb = { api, token };
  const { channel } = settings;
  return {
    name: 'slack',
    peer: `${new URL(api).host} ${channel}`,
    offers: {
      chat: { post: (message, signal) => postMessage(web, channel, message, signal) },
      ...(client && { lending: slackLending(api, channel, client) }),
    },
    hears: signing.length === 0 ? null : slackHears(signing),
    ...(app && { listens: slackListens(api, app) }),
    ...((app || signing.length > 0) && { talk: slackTalk(web) }),
    test: (signal) => mayWrite(web, channel, signal),
  };
}

/** Who we are there, and whether the production channel takes what we say; where the app may not ask for that, its name alone. */
async function mayWrite(web: SlackWeb, channel: string, signal: AbortSignal): Promise<Taken> {
  const us = await callSlack(web, 'auth.test', { read: whoWeAre, signal });
  if (us.kind !== 'taken') return us;
  const member = await isMember(web, channel, signal);
  if (member.kind === 'taken') return { kind: 'taken', receipt: `${us.receipt}, ${member.receipt}` };
  const mayNotAsk = member.because.includes('`missing_scope`');
  const unknown = `${us.receipt}; whether it may write in ${channel} is not known without the scope \`channels:read\``;
  return mayNotAsk ? { kind: 'taken', receipt: unknown } : member;
}

function whoWeAre({ team, user }: Answered): string | null {
  return typeof team === 'string' && typeof user === 'string' ? `\`${user}\` in the team \`${team}\`` : null;
}
