import { z } from 'zod';
import { SEVERITIES } from '../kernel/policy/facts.ts';
import { changeId } from './changes.ts';
import { incidentView } from './channel.ts';
import { words } from './plain-text.ts';

const text = words.max(4_000);

export const closing = z.strictObject({ reason: text.describe('How it ended.') });
export type Closing = z.infer<typeof closing>;

export const severityChange = z.strictObject({
  severity: z.enum(SEVERITIES),
  reason: text,
});
export type SeverityChange = z.infer<typeof severityChange>;

export const incidentNote = z.strictObject({ text });
export type IncidentNote = z.infer<typeof incidentNote>;

export const incidentCause = z.strictObject({
  change: changeId.describe('A change that ran.'),
  reason: text.describe('Why it is thought to have caused the incident.'),
});
export type IncidentCause = z.infer<typeof incidentCause>;

/** An incident with everything that was said and seen of it. */
export const incidentRecord = incidentView.extend({
  events: z
    .array(
      z.strictObject({
        kind: z.enum(['opened', 'severity', 'note', 'quiet', 'firing', 'resolved']),
        by: z.string().describe('A person, or the part of the product that saw it.'),
        text: z.string(),
        at: z.iso.datetime(),
      }),
    )
    .describe('The oldest first.'),
  changes: z
    .array(z.strictObject({ id: z.string(), title: z.string(), state: z.string() }))
    .describe('Requests that name it as what they resolve.'),
  causes: z
    .array(z.strictObject({ change: changeId, reason: z.string(), by: z.string(), at: z.iso.datetime() }))
    .describe(
      'Changes at whose door it was laid: their procedures are not trusted for the time that the policy sets.',
    ),
});
export type IncidentRecord = z.infer<typeof incidentRecord>;

/** What Alertmanager's webhook is told. */
export const heardAlerts = z.strictObject({
  heard: z.enum(['new', 'before']).describe('Whether this delivery came before; then it changed nothing.'),
});
export type HeardAlerts = z.infer<typeof heardAlerts>;
