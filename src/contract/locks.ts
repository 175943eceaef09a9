import { z } from 'zod';
import { LOCK_KINDS } from '../kernel/policy/facts.ts';
import { duration } from './duration.ts';
import { instant } from './instant.ts';
import { plainText, words } from './plain-text.ts';
import { calendarDay, recurrence } from './policy-lock.ts';

const time = z.iso.datetime();
const version = z.number().int().min(1);
const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/, { error: 'expected a digest (`sha256:…`)' });

export const LOCK_CATEGORIES = ['company-event', 'leave-of-absence', 'instability', 'other'] as const;

const lockFields = {
  kind: z.enum(LOCK_KINDS),
  environments: z.array(plainText.min(1).max(200)).min(1).max(100),
  category: z.enum(LOCK_CATEGORIES),
  reason: words.max(4_000),
};

const whenFields = {
  start: instant.optional(),
  end: instant.optional(),
  first: calendarDay
    .optional()
    .describe('First day; the lock takes when that day begins, 09:00 UTC as shipped.'),
  last: calendarDay.optional().describe('Last day; the lock releases when the day after begins.'),
  recurs: recurrence.optional().describe('Days that come again, instead of one span.'),
};
type When = { readonly [K in keyof typeof whenFields]?: z.output<(typeof whenFields)[K]> };

/** One way to say when, whole, and forwards. */
function oneWhen({ start, end, first, last, recurs }: When): boolean {
  const ways = [
    start !== undefined || end !== undefined,
    first !== undefined || last !== undefined,
    recurs !== undefined,
  ];
  if (ways.filter(Boolean).length !== 1) return false;
  if (ways[0] === true) return start !== undefined && end !== undefined && end > start;
  if (ways[1] === true) return first !== undefined && last !== undefined && last >= first;
  return true;
}
const WHEN = {
  error: 'expected one of `start` and a later `end`, `first` and `last` in order, or `recurs`',
};

/** What a lock shall say; it holds nothing until somebody else confirms it. */
export const lockWish = z.strictObject({ ...lockFields, ...whenFields }).refine(oneWhen, WHEN);
export type LockWish = z.infer<typeof lockWish>;

export const newLock = z.strictObject({ ...lockFields, ...whenFields }).refine(oneWhen, WHEN);
export type NewLock = z.infer<typeof newLock>;

/** Another text for a lock that stands: until somebody else confirms it, the lock holds as it was. */
export const lockEdit = z
  .strictObject({
    ...lockFields,
    ...whenFields,
    version: version.describe(
      'The version that was seen; another one in between is a conflict (409). `If-Match` also guards against a confirmation or a release since.',
    ),
  })
  .refine(oneWhen, WHEN);
export type LockEdit = z.infer<typeof lockEdit>;

export const lockPreviewWish = z
  .strictObject({
    ...lockFields,
    ...whenFields,
    edits: z
      .string()
      .regex(/^LOCK-[1-9]\d{0,17}$/)
      .optional()
      .describe('The lock that this would be another text of.'),
  })
  .refine(oneWhen, WHEN);
export type LockPreviewWish = z.infer<typeof lockPreviewWish>;

/** A lock that acts at once and ends by itself. */
export const emergencyLock = z.strictObject({
  ...lockFields,
  timeToLive: duration.describe('How long it holds, at most a day; it is confirmed or ends.'),
});
export type EmergencyLock = z.infer<typeof emergencyLock>;

export const lockConfirmation = z.strictObject({
  digest: digest.describe(
    'Digest of the text that was shown to whoever confirms, so that nobody confirms another.',
  ),
});
export type LockConfirmation = z.infer<typeof lockConfirmation>;

export const lockRelease = z.strictObject({
  reason: words.max(4_000).describe('Why production is not protected until the end that was said.'),
});
export type LockRelease = z.infer<typeof lockRelease>;

const recurrenceView = z
  .strictObject({ starting: z.string(), rule: z.string(), days: z.number().int() })
  .nullable()
  .describe('Where the lock comes again: RFC 5545, by days.');

/** What one version of a lock says, and who answers for it. */
export const lockVersion = z.strictObject({
  version,
  kind: z.enum(LOCK_KINDS),
  environments: z.array(z.string()),
  category: z.enum(LOCK_CATEGORIES),
  reason: z.string(),
  start: time.describe('Its first instant.'),
  end: time.nullable().describe('When it releases by itself; `null` where it comes again without an end.'),
  recurs: recurrenceView,
  digest: z.string().describe('Digest of this text: what a confirmation names.'),
  proposedBy: z.string(),
  proposedAt: time,
  confirmedBy: z.string().nullable(),
  confirmedAt: time.nullable(),
});
export type LockVersion = z.infer<typeof lockVersion>;

export const lockView = lockVersion.extend({
  id: z.string(),
  state: z.enum(['proposed', 'confirmed', 'emergency', 'released', 'ended']),
  releasedBy: z.string().nullable(),
  releasedAt: time.nullable(),
  edit: lockVersion
    .nullable()
    .describe('Another text that waits to be confirmed; until then the lock holds as it is.'),
  warnings: z
    .array(z.string())
    .describe('What a person who confirms should have seen: its length, its year, what it overlaps.'),
});
export type LockView = z.infer<typeof lockView>;

const span = z.strictObject({ start: time, end: time });
const blocked = z.strictObject({
  change: z.string(),
  title: z.string(),
  criticality: z.string(),
  ...span.shape,
  until: time.describe('When the lock that it meets releases.'),
});
export type BlockedChange = z.infer<typeof blocked>;

/** What a lock would do, before anybody says yes to it. Nothing is changed by asking. */
export const lockImpact = z.strictObject({
  digest: z
    .string()
    .describe('Digest of the text: the proposal bears the same, and a confirmation names it.'),
  spans: z
    .array(span)
    .describe('When it would hold within the next openings that are looked for; at most 50.'),
  holdsMs: z.number().describe('For how long in all, within that time.'),
  blocks: z.array(blocked).describe('Requests with a slot that it would stop.'),
  frees: z
    .array(blocked)
    .describe('Requests with a slot that the lock stops as it stands, and would no longer.'),
  loosens: z.boolean().describe('Whether any instant or kind of change is protected now and would not be.'),
  openings: z
    .array(z.strictObject({ environment: z.string(), criticality: z.string(), first: time, last: time }))
    .describe('Openings of an hour that there are today and that it would close.'),
  warnings: z.array(z.string()),
});
export type LockImpact = z.infer<typeof lockImpact>;

const policyLockView = z.strictObject({
  id: z.string(),
  kind: z.enum(LOCK_KINDS),
  origin: z.enum(['policy', 'server']),
  environments: z.array(z.string()),
  reason: z.string(),
  releaseDay: z.boolean(),
  start: time,
  end: time,
});

export const locksQuery = z
  .strictObject({
    from: instant
      .optional()
      .describe('With `to`: what held in a span of time, past locks too. At most 400 days.'),
    to: instant.optional(),
  })
  .refine(({ from, to }) => (from === undefined) === (to === undefined), {
    error: 'expected `from` and `to` together',
  })
  .refine(({ from = 0, to = 1 }) => to > from && (from === 0 || to - from <= 400 * 86_400_000), {
    error: 'expected `to` after `from`, within 400 days',
  });
export type LocksQuery = z.infer<typeof locksQuery>;

export const locks = z.strictObject({
  locks: z
    .array(lockView)
    .describe('Made here: those that have not ended, proposals too; or those of the span.'),
  policy: z
    .array(policyLockView)
    .describe('Those of the policy, each occurrence, in the span; without one, in the next 60 days.'),
});
export type Locks = z.infer<typeof locks>;

export const lockHistory = z.strictObject({
  id: z.string(),
  versions: z.array(lockVersion).describe('Everything that it ever said, the oldest first.'),
  releasedBy: z.string().nullable(),
  releasedAt: time.nullable(),
});
export type LockHistory = z.infer<typeof lockHistory>;

export const lockPath = z.strictObject({
  id: z.string().regex(/^LOCK-[1-9]\d{0,17}$/, { error: 'expected a lock made here, such as `LOCK-4`' }),
});
