import { z } from 'zod';
import { MINUTE_MS } from '../kernel/calendar/hours.ts';
import type { Span } from '../kernel/calendar/span.ts';

const CLOCK = /^([01]\d|2[0-3]):([0-5]\d)$|^(24):(00)$/;

function minuteOfDay(text: string): number | null {
  const match = CLOCK.exec(text);
  return match === null ? null : Number(match[1] ?? match[3]) * 60 + Number(match[2] ?? match[4]);
}

/** A time of day (UTC), read into milliseconds since midnight. */
export const clockTime = z.string().transform((text, context) => {
  const minutes = minuteOfDay(text);
  if (minutes !== null && minutes < 24 * 60) return minutes * MINUTE_MS;
  context.addIssue({ code: 'custom', message: `expected a time of day such as \`09:00\`, got \`${text}\`` });
  return z.NEVER;
});

/** A stretch of the day such as `22:00-06:00`, read into milliseconds since midnight; it may cross midnight. */
export const dayStretch = z.string().transform((text, context): Span => {
  const [from, to, ...rest] = text.split('-').map(minuteOfDay);
  if (
    rest.length === 0 &&
    typeof from === 'number' &&
    typeof to === 'number' &&
    from !== to &&
    from < 24 * 60
  ) {
    return { start: from * MINUTE_MS, end: to * MINUTE_MS };
  }
  context.addIssue({
    code: 'custom',
    message: `expected a stretch of the day such as \`22:00-06:00\` or \`00:00-24:00\`, got \`${text}\``,
  });
  return z.NEVER;
});
