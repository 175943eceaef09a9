import { z } from 'zod';
import { SEVERITIES } from '../../kernel/policy/facts.ts';
import { hookSecrets, peerAddress, secretReference } from './secret.ts';

const severity = z.enum(SEVERITIES);
/** As PagerDuty names what it has. */
const id = z.string().regex(/^[A-Z0-9]{4,30}$/i, { error: 'expected an id of PagerDuty, such as `PIJ90N7`' });

/** PagerDuty: who is on call, and what burns. */
export const pagerdutySettings = z
  .strictObject({
    api: peerAddress
      .default('https://api.pagerduty.com')
      .describe('Where its REST API is; of accounts in Europe `https://api.eu.pagerduty.com`.'),
    token: secretReference.describe('A read-only key of its REST API.'),
    hooks: hookSecrets
      .optional()
      .describe(
        'Secrets of the webhook subscription (v3) that reaches this server at `/api/v1/hooks/pagerduty`.',
      ),
    incidents: z
      .strictObject({
        services: z.array(id).min(1).max(100).optional().describe('Of these services alone.'),
        urgencies: z
          .array(z.enum(['high', 'low']))
          .min(1)
          .optional()
          .describe('Of this urgency alone.'),
        priorities: z
          .record(z.string().min(1).max(60), severity)
          .default({})
          .describe('Severity by the name of the priority; one that is not named here is S1.'),
        high: severity.default('S1').describe('Severity of an urgent one without a priority.'),
        low: severity.default('S3').describe('Severity of one that is not urgent and has no priority.'),
      })
      .optional()
      .describe('Have what is triggered or acknowledged there as active incidents.'),
  })
  .describe('PagerDuty: rotas by its schedules, and its incidents.');
export type PagerdutySettings = z.output<typeof pagerdutySettings>;
