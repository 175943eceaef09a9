import { z } from 'zod';
import { CHANGE_STATES } from '../kernel/change/state.ts';
import { CRITICALITIES, LOCK_KINDS } from '../kernel/policy/facts.ts';
import { decisionDocumentSchema } from './decision.ts';
import { instant } from './instant.ts';
import { plainText } from './plain-text.ts';
import { rota } from './rota.ts';

const time = z.iso.datetime();

/** A request on the Production calendar. */
export const calendarSlot = z.strictObject({
  change: z.string(),
  title: z.string(),
  state: z.enum(CHANGE_STATES),
  environment: z.string(),
  services: z.array(z.string()),
  criticality: z.enum(CRITICALITIES),
  executor: z.string(),
  start: time,
  end: time,
  accepted: z.boolean().describe('Otherwise it is only pencilled in.'),
});
export type CalendarSlot = z.infer<typeof calendarSlot>;

export const SLOT_WARNINGS = [
  'shift-change',
  'rota-gap',
  'near-change',
  'workday',
  'lock-near',
  'release-day',
] as const;

/** What there is to know before a slot is asked for. */
export const slotReport = z
  .strictObject({
    conflicts: z
      .array(calendarSlot)
      .describe(
        'Requests on the same service of the environment in this time; whoever takes the slot names each.',
      ),
    warnings: z.array(z.strictObject({ kind: z.enum(SLOT_WARNINGS), text: z.string() })),
    openings: z
      .array(z.strictObject({ first: time, last: time }))
      .describe(
        'The next stretches of starts at which hours, locks and other requests leave this length free.',
      ),
  })
  .meta({ id: 'SlotReport' });
export type SlotReport = z.infer<typeof slotReport>;

/** The same with what the interlock would say to it. */
export const slotAnswer = slotReport
  .extend({
    decision: decisionDocumentSchema.describe(
      'The verdict at `schedule` as it stands; nothing is recorded, and asking for the slot asks anew.',
    ),
  })
  .meta({ id: 'SlotAnswer' });
export type SlotAnswer = z.infer<typeof slotAnswer>;
export type SlotWarning = SlotReport['warnings'][number];

const DAY_MS = 86_400_000;
const MAX_SPAN_MS = 400 * DAY_MS;

export const calendarQuery = z
  .strictObject({
    from: instant,
    to: instant,
    environment: plainText.max(200).optional().describe('One environment; without it, all.'),
  })
  .refine(({ from, to }) => to > from && to - from <= MAX_SPAN_MS, {
    path: ['to'],
    error: 'expected `to` after `from`, by at most 400 days',
  });
export type CalendarQuery = z.infer<typeof calendarQuery>;

/** What a month draws: whole days, about six weeks of them. */
const MAX_DAYS_MS = 62 * DAY_MS;

export const calendarDaysQuery = z
  .strictObject({
    ...calendarQuery.shape,
    most: z.coerce.number().int().min(1).max(20).default(4).describe('So many slots of a day are answered.'),
  })
  .refine(({ from, to }) => from % DAY_MS === 0 && to % DAY_MS === 0, {
    path: ['from'],
    error: 'expected whole days in UTC: `from` and `to` at 00:00Z',
  })
  .refine(({ from, to }) => to > from && to - from <= MAX_DAYS_MS, {
    path: ['to'],
    error: 'expected `to` after `from`, by at most 62 days',
  });
export type CalendarDaysQuery = z.infer<typeof calendarDaysQuery>;

export const calendarLock = z.strictObject({
  id: z.string(),
  kind: z.enum(LOCK_KINDS),
  origin: z.enum(['policy', 'server']).describe('Whether it stands in the policy or was made here.'),
  environments: z.array(z.string()),
  reason: z.string(),
  releaseDay: z.boolean(),
  start: time,
  end: time,
});
export type CalendarLock = z.infer<typeof calendarLock>;

const clockTime = z.string().describe('Of the day, UTC.');

/** What holds for all slots of a span of time. */
const around = {
  from: time,
  to: time,
  locks: z.array(calendarLock),
  hours: z
    .record(z.enum(CRITICALITIES), z.array(z.strictObject({ start: clockTime, end: clockTime })))
    .describe('When a change of each criticality may run; an end not after its start lies on the next day.'),
};

/** Everything of a span of time that a choice of a slot rests on. */
export const calendar = z
  .strictObject({
    ...around,
    slots: z.array(calendarSlot),
    shifts: rota.shape.shifts,
    gaps: rota.shape.gaps,
  })
  .meta({ id: 'Calendar' });
export type Calendar = z.infer<typeof calendar>;

const calendarDay = z.strictObject({
  day: z.iso.date().describe('In UTC.'),
  slots: z
    .array(calendarSlot.extend({ inConflict: z.boolean() }))
    .describe(
      'The first of those that touch the day: what runs, what is in conflict, what is accepted, what is pencilled in, what is over; each by its start.',
    ),
  slotCount: z.number().int().describe('All that touch the day.'),
  inConflict: z
    .number()
    .int()
    .describe('Those of them that are at the same time on the same service as another that has not ended.'),
});
export type CalendarDay = z.infer<typeof calendarDay>;

/** Days that are looked over rather than read: of each the first few slots, and how many there are. */
export const calendarDays = z
  .strictObject({ ...around, days: z.array(calendarDay) })
  .meta({ id: 'CalendarDays' });
export type CalendarDays = z.infer<typeof calendarDays>;
