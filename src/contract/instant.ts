import { z } from 'zod';
import { parseInstant } from '../kernel/calendar/instant.ts';

/** An instant as written (RFC 3339 with its offset), read into epoch milliseconds. */
export const instant = z
  .string()
  .transform((text, context) => {
    const ms = parseInstant(text);
    if (ms !== null) return ms;
    context.addIssue({
      code: 'custom',
      message: `expected an instant with its offset such as \`2026-11-17T22:00:00Z\`, got \`${text}\``,
    });
    return z.NEVER;
  })
  .meta({ format: 'date-time' })
  .describe('RFC 3339 with `Z` or an offset; read to the millisecond.');

type Stretch = { readonly start?: number | undefined; readonly end?: number | undefined };

/** Refuses an end before its start; an empty stretch is allowed and covers nothing. */
export function endsAfterStart(stretch: Stretch): boolean {
  return stretch.start === undefined || stretch.end === undefined || stretch.end >= stretch.start;
}
export const endsBeforeItStarts = {
  error: 'expected `end` not to be before `start`',
  path: ['end'],
};
