import { z } from 'zod';
import { words } from './plain-text.ts';

/** A target that a command names, and what its name led to on the bastion. */
export const guardedTarget = z.strictObject({
  name: z.string().min(1).max(253),
  addresses: z.array(z.string().max(100)).max(50).describe('What the name resolved to there; none: nothing.'),
});
export type GuardedTarget = z.infer<typeof guardedTarget>;

/** How a command that was guarded ended. */
export const guardedEnd = z.strictObject({
  exitCode: z.number().int().nullable(),
  signal: z.string().max(20).nullable(),
  notStarted: z.string().max(1_000).nullable().describe('Why it could not be started.'),
  durationMs: z.number().min(0),
});
export type GuardedEnd = z.infer<typeof guardedEnd>;

/** A command as the bastion wrote it down: at its begin, and again with its end. */
export const guardedReport = z
  .strictObject({
    incident: z
      .string()
      .min(1)
      .max(100)
      .nullable()
      .describe('The incident it is for; none: the one that is active, if there is one alone.'),
    targets: z.array(guardedTarget).max(50),
    argv: z.array(z.string().max(4_000)).min(1).max(500).describe('With secrets masked.'),
    observer: z.string().min(1).max(100).nullable().describe('Who looked on, as the person said.'),
    startedAt: z.iso.datetime().describe("By the bastion's clock."),
    ended: guardedEnd.nullable(),
  })
  .meta({
    examples: [
      {
        incident: 'INC-3',
        targets: [{ name: 'db-1.shop.example', addresses: ['10.0.0.11'] }],
        argv: ['ssh', 'db-1.shop.example', 'pg_ctl', 'reload'],
        observer: 'rhea',
        startedAt: '2026-11-28T03:12:00.000Z',
        ended: { exitCode: 0, signal: null, notStarted: null, durationMs: 812 },
      },
    ],
  });
export type GuardedReport = z.infer<typeof guardedReport>;

/** A guarded command as everybody may see it. */
export const guardedCommand = z
  .strictObject({
    id: z.string(),
    person: z.string(),
    bastion: z.string().describe('The host that proved itself by its key.'),
    incident: z.string().nullable(),
    targets: z.array(guardedTarget),
    argv: z.array(z.string()),
    observer: z.string().nullable(),
    startedAt: z.iso.datetime().describe("By the bastion's clock, which proves nothing."),
    heardAt: z.iso.datetime().describe('When the server heard of it, by its own.'),
    ended: guardedEnd.nullable(),
    reviewedBy: z.string().nullable(),
    reviewedAt: z.iso.datetime().nullable(),
    review: z.string().nullable(),
  })
  .meta({ id: 'GuardedCommand' });
export type GuardedCommand = z.infer<typeof guardedCommand>;

export const guardedCommands = z.strictObject({
  commands: z.array(guardedCommand),
  next: z.string().nullable().describe('Pass it as `before` for the next page; `null`: there is none.'),
});

const guardedId = z.string().regex(/^GUARD-[1-9]\d{0,17}$/, { error: 'expected an id such as `GUARD-3`' });
export const guardedKeyPath = z.strictObject({ key: z.uuid() });
export const guardedPath = z.strictObject({ id: guardedId });
export const guardedQuery = z.strictObject({
  open: z.stringbool().default(true).describe('Only those that nobody has reviewed yet.'),
  incident: z.string().optional(),
  before: guardedId.optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export type GuardedQuery = z.infer<typeof guardedQuery>;

export const guardedReview = z.strictObject({ text: words.max(4_000).describe('What came of the review.') });
export type GuardedReview = z.infer<typeof guardedReview>;
