import { z } from 'zod';
import { peerAddress, secretReference } from './secret.ts';

/** Opsgenie, or what answers as it does: who is on call. */
export const opsgenieSettings = z
  .strictObject({
    api: peerAddress
      .default('https://api.opsgenie.com/v2')
      .describe(
        'Where its schedules are; of accounts in Europe `https://api.eu.opsgenie.com/v2`, of Jira Service Management `https://api.atlassian.com/jsm/ops/api/CLOUD/v1`.',
      ),
    token: secretReference.describe(
      'An API key that may read and may access the configuration; with `user` an API token of Atlassian.',
    ),
    user: z
      .email()
      .optional()
      .describe('Whose token it is, where it answers to a name and a token (Jira Service Management).'),
  })
  .describe('Opsgenie, or operations of Jira Service Management: rotas by schedules.');
export type OpsgenieSettings = z.output<typeof opsgenieSettings>;
