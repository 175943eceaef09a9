import { z } from 'zod';
import { SEVERITIES } from '../kernel/policy/facts.ts';
import { duration } from './duration.ts';

const labelName = z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/, { error: 'expected the name of a label' });

/** Which alerts of Alertmanager are incidents. */
export const alertSettings = z.strictObject({
  label: labelName.default('incident').describe('Alerts that bear this label are incidents.'),
  values: z.array(z.string().min(1)).min(1).default(['true']).describe('With one of these values.'),
  groupBy: z
    .array(labelName)
    .min(1)
    .max(10)
    .default(['alertname'])
    .describe('Alerts that share these labels are one incident.'),
  severityLabel: labelName.default('severity'),
  severities: z
    .record(z.string().min(1), z.enum(SEVERITIES))
    .default({ critical: 'S1', error: 'S2', warning: 'S3' })
    .describe('What its values mean. A value that is not here counts as the worst of those that are.'),
  closedBy: z
    .enum(['person', 'source'])
    .default('person')
    .describe('Who closes it: an EOC or IMOC alone, or the source too, once it has been quiet.'),
  coolDown: duration
    .prefault('10 min')
    .describe('How long it has to be quiet, proven, before its source closes it.'),
  every: duration.prefault('15 s').describe('How often Alertmanager is asked, webhook or none.'),
});
export type AlertSettings = z.infer<typeof alertSettings>;

/** The body of Alertmanager's webhook, as far as it is looked at: it is a hint, the alerts themselves are fetched. */
export const alertWebhook = z.object({
  version: z.string(),
  status: z.enum(['firing', 'resolved']),
  alerts: z.array(z.unknown()),
});
