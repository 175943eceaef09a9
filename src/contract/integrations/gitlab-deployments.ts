import { z } from 'zod';
import { askedQuestion } from './asked-kind.ts';
import { hookSecrets, peerAddress, secretReference } from './secret.ts';

const project = z
  .string()
  .regex(/^[\w.-]+(\/[\w.-]+)+$/, { error: 'expected a project such as `group/project`' })
  .max(255);

/** Deployments of GitLab that are blocked until they are approved, and status checks of merge requests. */
export const gitlabDeploymentSettings = z
  .strictObject({
    address: peerAddress.default('https://gitlab.com'),
    token: secretReference.describe('Of an account that may approve, scope `api`.'),
    signing: hookSecrets.describe('Of the webhook, and the shared secret of the status checks.'),
    deployments: z
      .array(z.strictObject({ project, environment: z.string().min(1).max(255), asks: askedQuestion }))
      .max(1_000)
      .default([])
      .describe('By protected environment. What is not in here is left to others.'),
    statusChecks: z
      .array(z.strictObject({ project, check: z.int().min(1).describe('Its number.'), asks: askedQuestion }))
      .max(1_000)
      .default([])
      .describe('Of merge requests into what is deployed by being merged.'),
  })
  .describe('Deployments and merge requests of GitLab that wait for a yes.');
export type GitlabDeploymentSettings = z.output<typeof gitlabDeploymentSettings>;
