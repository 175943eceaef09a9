import { z } from 'zod';
import { byEnvironment } from './by-environment.ts';
import { hookSecrets, peerAddress, postingClient, secretReference } from './secret.ts';

/** GitHub, as a machine user with a repository of its own for production. */
export const githubSettings = z
  .strictObject({
    api: peerAddress.default('https://api.github.com').describe('Where its REST API is.'),
    repository: byEnvironment('a repository, such as `org/production`', /^[\w.-]+\/[\w.-]+$/, 140).describe(
      'The repository of the production changes; or `default`, and others by environment. GitHub has no confidential issues: private ones.',
    ),
    token: secretReference.describe('A token of its machine user that may read and write issues there.'),
    hooks: hookSecrets
      .optional()
      .describe('Secrets of the webhook that reaches this server at `/api/v1/hooks/github`.'),
    posting: postingClient.optional(),
    incidents: z
      .strictObject({ label: z.string().min(1).max(50).default('Incident::Active') })
      .optional()
      .describe('Read incidents: open issues of the repository with this label.'),
  })
  .describe('GitHub: an issue for each request, and the words of people who linked their account.');
export type GithubSettings = z.output<typeof githubSettings>;
