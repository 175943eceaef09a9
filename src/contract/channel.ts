import { z } from 'zod';
import { changeId } from './changes.ts';
import { claimId } from './claims.ts';
import { SEVERITIES } from '../kernel/policy/facts.ts';
import { next, pagesOf, rowNumber } from './paging.ts';
import { words } from './plain-text.ts';

const time = z.iso.datetime();
const reason = words.max(4_000);

/** One message of the built-in tracker or channel. */
export const messageView = z.strictObject({
  id: z.string(),
  change: z.string().nullable(),
  person: z.string(),
  body: z.string(),
  at: time,
});
export type MessageView = z.infer<typeof messageView>;

export const newVeto = z.strictObject({
  change: z
    .union([changeId, claimId, z.literal('*')])
    .describe('A change, the claim of a pipeline, or `*` for all of them.'),
  reason,
  stopsRollback: z.boolean().default(false).describe('Whether it stops a rollback too.'),
});
export type NewVeto = z.infer<typeof newVeto>;

export const vetoView = z.strictObject({
  id: z.string(),
  change: z.string().describe('The change or the claim that it stands on, or `*`.'),
  by: z.string(),
  reason: z.string(),
  stopsRollback: z.boolean(),
  at: time,
  liftedAt: time.nullable(),
  liftedBy: z.string().nullable(),
});
export type VetoView = z.infer<typeof vetoView>;

export const newIncident = z.strictObject({
  title: words.max(300),
  severity: z.enum(SEVERITIES),
});
export type NewIncident = z.infer<typeof newIncident>;

export const incidentView = z.strictObject({
  id: z.string(),
  title: z.string(),
  severity: z.enum(SEVERITIES),
  status: z.enum(['active', 'resolved']),
  source: z.string(),
  openedBy: z.string(),
  openedAt: time,
  resolvedBy: z.string().nullable(),
  resolvedAt: time.nullable(),
  resolution: z.string().nullable().describe('Why it was closed.'),
  quietSince: time.nullable().describe('Since when its source no longer sees it, though it is active.'),
});
export type IncidentView = z.infer<typeof incidentView>;

export const channelQuery = z.strictObject(pagesOf(rowNumber, 500, 100));
export type ChannelQuery = z.infer<typeof channelQuery>;
export const messages = z.strictObject({ messages: z.array(messageView) });
export const channelPage = messages.extend({ next });
export type ChannelPage = z.infer<typeof channelPage>;
export const vetoes = z.strictObject({ vetoes: z.array(vetoView).describe('Those that stand.') });
export type Vetoes = z.infer<typeof vetoes>;
export const vetoPath = z.strictObject({
  veto: z.string().regex(/^[1-9]\d{0,17}$/, { error: 'expected the number of a veto' }),
});
const incidentId = z.string().regex(/^INC-[1-9]\d{0,17}$/, { error: 'expected an incident such as `INC-3`' });
export const incidentQuery = z.strictObject(pagesOf(incidentId, 200, 200));
export type IncidentQuery = z.infer<typeof incidentQuery>;
export const incidents = z.strictObject({
  incidents: z
    .array(incidentView)
    .describe('On the first page every active one, then those that are resolved, the newest first.'),
  next,
});
export type Incidents = z.infer<typeof incidents>;
export const incidentPath = z.strictObject({ id: incidentId });
