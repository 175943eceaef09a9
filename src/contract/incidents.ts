import { z } from 'zod';
import { SEVERITIES } from '../kernel/policy/facts.ts';
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
});
export type IncidentRecord = z.infer<typeof incidentRecord>;

/** What Alertmanager's webhook is told. */
export const heardAlerts = z.strictObject({
  heard: z.enum(['new', 'before']).describe('Whether this delivery came before; then it changed nothing.'),
});
export type HeardAlerts = z.infer<typeof heardAlerts>;
