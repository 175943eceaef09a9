import { z } from 'zod';
import { audienceRoutes, statusSettings } from './audiences.ts';
import { caldavSettings } from './caldav.ts';
import { githubDeploymentSettings } from './github-deployments.ts';
import { gitlabDeploymentSettings } from './gitlab-deployments.ts';
import { kubernetesSettings } from './kubernetes.ts';
import { githubSettings } from './github.ts';
import { gitlabSettings } from './gitlab.ts';
import { issueTexts } from './issue.ts';
import { mailSettings } from './mail.ts';
import { opsgenieSettings } from './opsgenie.ts';
import { pagerdutySettings } from './pagerduty.ts';
import { mattermostSettings } from './mattermost.ts';
import { peerAddress } from './secret.ts';
import { rotaFiles } from './rota-files.ts';
import { slackSettings } from './slack.ts';
import { grafanaSettings } from './grafana.ts';
import { terraformSettings } from './terraform.ts';
import { mastodonSettings } from './mastodon.ts';

/** Peers where people may lend the right to post as themselves. */
const LENDING = ['gitlab', 'github', 'slack'] as const;

/** `integrations.yaml`: the peers of a server. What is not in it is off. */
export const integrationsFile = z
  .strictObject({
    $schema: z.string().optional(),
    interlock: z.literal('integrations/1').describe('The format and its version.'),
    address: peerAddress
      .optional()
      .describe(
        'Where people reach this server, such as `https://interlock.example.com`: for whoever sends them back.',
      ),
    mail: mailSettings.optional(),
    slack: slackSettings.optional(),
    mattermost: mattermostSettings.optional(),
    gitlab: gitlabSettings.optional(),
    github: githubSettings.optional(),
    issue: issueTexts.optional(),
    mastodon: mastodonSettings.optional(),
    kubernetes: kubernetesSettings.optional(),
    grafana: grafanaSettings.optional(),
    caldav: caldavSettings.optional(),
    'github-deployments': githubDeploymentSettings.optional(),
    'gitlab-deployments': gitlabDeploymentSettings.optional(),
    terraform: terraformSettings.optional(),
    pagerduty: pagerdutySettings.optional(),
    opsgenie: opsgenieSettings.optional(),
    'rota-files': rotaFiles.optional(),
    status: statusSettings.optional(),
    audiences: audienceRoutes.default({}),
  })
  .superRefine((file, context) => {
    for (const peer of LENDING) {
      if (file[peer]?.posting !== undefined && file.address === undefined)
        context.addIssue({
          code: 'custom',
          path: [peer, 'posting'],
          message: 'expected `address` in this file, which this needs, got none',
        });
    }
  })
  .superRefine(({ issue, gitlab, github }, context) => {
    if (issue !== undefined && gitlab === undefined && github === undefined)
      context.addIssue({
        code: 'custom',
        path: ['issue'],
        message: 'expected `gitlab` or `github` in this file, which this needs, got neither',
      });
  })
  .superRefine(({ mail, mastodon, slack, audiences }, context) => {
    for (const [name, route] of Object.entries(audiences)) {
      const missing = (path: string | string[], peer: string) =>
        context.addIssue({
          code: 'custom',
          path: ['audiences', name, path].flat(),
          message: `expected \`${peer}\` in this file, which this needs, got none`,
        });
      if (route.mail.length > 0 && mail === undefined) missing('mail', 'mail');
      if (route.posts && mastodon === undefined) missing('posts', 'mastodon');
      const channel = route.room?.slack;
      if (channel !== undefined && slack === undefined) missing(['room', 'slack'], 'slack');
      if (channel !== undefined && channel === slack?.channel)
        context.addIssue({
          code: 'custom',
          path: ['audiences', name, 'room', 'slack'],
          message: 'expected a room beside the production channel, got that one: it hears of changes already',
        });
    }
  })
  .meta({ title: 'Interlock integrations', description: 'The peers of a server, secrets by reference.' });
export type IntegrationsFile = z.output<typeof integrationsFile>;

/** The keys of the file that are peers: by these they are known everywhere. A cluster asks us, and is asked nothing. */
export type PeerName = Exclude<
  keyof IntegrationsFile,
  '$schema' | 'interlock' | 'address' | 'issue' | 'kubernetes' | 'status' | 'audiences'
>;
