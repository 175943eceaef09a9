import { z } from 'zod';
import { askedQuestion } from './asked-kind.ts';
import { hookSecrets, peerAddress, secretReference } from './secret.ts';

/** A custom deployment protection rule of GitHub, by an app of ours. What no rule names is rejected. */
export const githubDeploymentSettings = z
  .strictObject({
    address: peerAddress.default('https://api.github.com').describe('Of the API.'),
    app: z.string().min(1).max(100).describe('Client id or number of the app, as text.'),
    installation: z.int().min(1).describe('Number of its installation.'),
    key: secretReference.describe('The private key of the app, PEM.'),
    signing: hookSecrets,
    rules: z
      .array(
        z.strictObject({
          repository: z.string().regex(/^[\w.-]+\/[\w.-]+$/, { error: 'expected `owner/repository`' }),
          environment: z.string().min(1).max(255).describe('As GitHub names it.'),
          asks: askedQuestion,
        }),
      )
      .min(1)
      .max(1_000),
  })
  .describe('Deployments of GitHub Actions that wait for a yes.');
export type GithubDeploymentSettings = z.output<typeof githubDeploymentSettings>;
