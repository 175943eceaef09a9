import { z } from 'zod';
import { changeId } from './changes.ts';
import { LOCK_KINDS, SEVERITIES } from '../kernel/policy/facts.ts';
import { duration } from './duration.ts';
import { instant } from './instant.ts';
import { plainText, words } from './plain-text.ts';

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
  change: z.union([changeId, z.literal('*')]).describe('A change, or `*` for all of them.'),
  reason,
  stopsRollback: z.boolean().default(false).describe('Whether it stops a rollback too.'),
});
export type NewVeto = z.infer<typeof newVeto>;

export const vetoView = z.strictObject({
  id: z.string(),
  change: z.string(),
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
});
export type IncidentView = z.infer<typeof incidentView>;

export const LOCK_CATEGORIES = ['company-event', 'leave-of-absence', 'instability', 'other'] as const;

const lockFields = {
  kind: z.enum(LOCK_KINDS),
  environments: z.array(plainText.min(1).max(200)).min(1).max(100),
  category: z.enum(LOCK_CATEGORIES),
  reason,
};

/** A lock of a span: a proposal until somebody else confirms it. */
export const newLock = z
  .strictObject({ ...lockFields, start: instant, end: instant })
  .refine(({ start, end }) => end > start, { path: ['end'], error: 'expected `end` to be after `start`' });
export type NewLock = z.infer<typeof newLock>;

/** A lock that acts at once and ends by itself. */
export const emergencyLock = z.strictObject({
  ...lockFields,
  timeToLive: duration.describe('How long it holds, at most a day; it is confirmed or ends.'),
});
export type EmergencyLock = z.infer<typeof emergencyLock>;

export const lockView = z.strictObject({
  id: z.string(),
  kind: z.enum(LOCK_KINDS),
  environments: z.array(z.string()),
  category: z.enum(LOCK_CATEGORIES),
  reason: z.string(),
  start: time,
  end: time,
  state: z.enum(['proposed', 'confirmed', 'emergency', 'released']),
  proposedBy: z.string(),
  confirmedBy: z.string().nullable(),
  releasedBy: z.string().nullable(),
  warnings: z
    .array(z.string())
    .describe('What a person who confirms should have seen: its length, its year, what it overlaps.'),
});
export type LockView = z.infer<typeof lockView>;

export const channelQuery = z.strictObject({
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(500)
    .default(100)
    .describe('How many messages, the newest first.'),
});
export const messages = z.strictObject({ messages: z.array(messageView) });
export const vetoes = z.strictObject({ vetoes: z.array(vetoView).describe('Those that stand.') });
export const vetoPath = z.strictObject({
  veto: z.string().regex(/^[1-9]\d{0,17}$/, { error: 'expected the number of a veto' }),
});
export const incidents = z.strictObject({ incidents: z.array(incidentView) });
export const incidentPath = z.strictObject({
  id: z.string().regex(/^INC-[1-9]\d{0,17}$/, { error: 'expected an incident such as `INC-3`' }),
});
export const locks = z.strictObject({
  locks: z.array(lockView).describe('Made here and not ended; those of the policy stand in the policy.'),
});
export const lockPath = z.strictObject({
  id: z.string().regex(/^LOCK-[1-9]\d{0,17}$/, { error: 'expected a lock made here, such as `LOCK-4`' }),
});
