import { z } from 'zod';
import { hookSecrets, peerAddress, postingClient, secretReference } from './secret.ts';

const CHANNEL = /^[CG][A-Z0-9]{2,30}$/;

/** One that is none may be the address of a webhook, which is a secret: it is not repeated. */
export const slackChannel = z
  .string()
  .refine((text) => CHANNEL.test(text), {
    error: 'expected the id of a channel, such as `C0123456789`, got something else',
  })
  .meta({ pattern: CHANNEL.source });

/** Slack, as an app of one workspace that is a member of the production channel. */
export const slackSettings = z
  .strictObject({
    token: secretReference.describe('The token of its bot user, `xoxb-…`.'),
    channel: slackChannel.describe('Id of the production channel.'),
    signing: hookSecrets
      .optional()
      .describe('Its signing secrets, where Slack reaches this server at `/api/v1/hooks/slack`.'),
    appToken: secretReference
      .optional()
      .describe('Its app-level token, `xapp-…`, where this server connects to Slack instead: socket mode.'),
    posting: postingClient.optional(),
    api: peerAddress.default('https://slack.com/api/').describe('Where its Web API is.'),
  })
  .refine(({ signing, appToken }) => signing === undefined || appToken === undefined, {
    path: ['appToken'],
    error: 'expected `signing` or `appToken`, got both: Slack tells by one way alone',
  })
  .describe('Slack: the production channel, and decisions by people who linked their account.');
export type SlackSettings = z.output<typeof slackSettings>;
