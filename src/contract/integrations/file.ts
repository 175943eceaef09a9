import { z } from 'zod';
import { mailSettings } from './mail.ts';
import { mattermostSettings } from './mattermost.ts';
import { slackSettings } from './slack.ts';

/** `integrations.yaml`: the peers of a server. What is not in it is off. */
export const integrationsFile = z
  .strictObject({
    $schema: z.string().optional(),
    interlock: z.literal('integrations/1').describe('The format and its version.'),
    mail: mailSettings.optional(),
    slack: slackSettings.optional(),
    mattermost: mattermostSettings.optional(),
  })
  .meta({ title: 'Interlock integrations', description: 'The peers of a server, secrets by reference.' });
export type IntegrationsFile = z.output<typeof integrationsFile>;

/** The keys of the file that are peers: by these they are known everywhere. */
export type PeerName = Exclude<keyof IntegrationsFile, '$schema' | 'interlock'>;
