import { z } from 'zod';
import { byEnvironment } from './by-environment.ts';
import { hookSecrets, peerAddress, postingClient, secretReference } from './secret.ts';

/** GitLab, as a bot with a project of its own for production. */
export const gitlabSettings = z
  .strictObject({
    url: peerAddress.default('https://gitlab.com').describe('Where GitLab is.'),
    project: byEnvironment('a project, such as `group/production`', /^[\w.-]+(?:\/[\w.-]+)+$/, 255).describe(
      'The project of the production changes; or `default`, and others by environment.',
    ),
    token: secretReference.describe('A token of its bot, with the scope `api` and the role Reporter.'),
    hooks: hookSecrets
      .optional()
      .describe('Secrets of the webhook that reaches this server at `/api/v1/hooks/gitlab`.'),
    posting: postingClient.optional(),
    confidential: z.boolean().default(true).describe('Whether issues are opened as confidential.'),
    incidents: z
      .strictObject({ label: z.string().min(1).max(255).default('Incident::Active') })
      .optional()
      .describe('Read incidents: open issues of the project with this label.'),
  })
  .describe('GitLab: an issue for each request, and the words of people who linked their account.');
export type GitlabSettings = z.output<typeof gitlabSettings>;
