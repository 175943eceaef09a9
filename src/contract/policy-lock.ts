import { z } from 'zod';
import { LOCK_KINDS } from '../kernel/policy/facts.ts';
import { daysFromEpoch, civilDay } from '../kernel/calendar/instant.ts';

const DAY = /^(\d{4})-(\d\d)-(\d\d)$/;

/** Days since 1970-01-01 of a written day, or `null` if there is no such day. */
export function dayNumber(text: string): number | null {
  const match = DAY.exec(text);
  if (match === null) return null;
  const [year, month, day] = match.slice(1).map(Number) as [number, number, number];
  if (month < 1 || month > 12) return null;
  const days = daysFromEpoch(year, month, day);
  const back = civilDay(days);
  return back.month === month && back.day === day ? days : null;
}

/** A calendar day as written, read into days since 1970-01-01. */
export const calendarDay = z
  .string()
  .transform((text, context) => {
    const days = dayNumber(text);
    if (days !== null) return days;
    context.addIssue({ code: 'custom', message: `expected a day such as \`2026-12-24\`, got \`${text}\`` });
    return z.NEVER;
  })
  .meta({ format: 'date' });

const common = {
  id: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]*$/, {
      error: (issue) => `expected an id of small letters, digits and dashes, got \`${String(issue.input)}\``,
    })
    .describe('What an exemption names: `lock:<id>`.'),
  kind: z.enum(LOCK_KINDS),
  category: z.enum(['company-event', 'leave', 'instability', 'other']).default('other'),
  reason: z.string().trim().min(1),
  environments: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .describe('Where it holds; without it, in all operational environments.'),
};

/** Days that come again. */
export const recurrence = z.strictObject({
  starting: calendarDay.describe('DTSTART: the day from which the rule counts.'),
  rule: z.string().min(1).describe('RFC 5545 recurrence rule by days, such as `FREQ=MONTHLY;BYMONTHDAY=22`.'),
  days: z.int().min(1).max(366).default(1).describe('How many days each lock lasts.'),
});

/** A production change lock of the policy: one span of days, or a recurrence. Days begin at the policy's `lockDayBegins`. */
export const policyLock = z
  .strictObject({
    ...common,
    first: calendarDay.optional().describe('First day; the lock takes when that day begins.'),
    last: calendarDay.optional().describe('Last day; the lock releases when the day after begins.'),
    recurs: recurrence.optional(),
  })
  .superRefine((lock, context) => {
    const spans = lock.first !== undefined && lock.last !== undefined;
    if (spans === (lock.recurs !== undefined) || (lock.first === undefined) !== (lock.last === undefined)) {
      context.addIssue({ code: 'custom', message: 'expected either `first` and `last`, or `recurs`' });
    } else if (spans && (lock.last as number) < (lock.first as number)) {
      context.addIssue({
        code: 'custom',
        path: ['last'],
        message: 'expected `last` not to be before `first`',
      });
    }
  });
export type PolicyLockEntry = z.output<typeof policyLock>;
