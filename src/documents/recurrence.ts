import { RRuleTemporal } from 'rrule-temporal';
import { formatInstant } from '../kernel/calendar/instant.ts';
import { DAY_MS } from '../kernel/calendar/hours.ts';
import type { Span } from '../kernel/calendar/span.ts';

/** A recurrence of the policy: RFC 5545, by days. */
export type Recurrence = { readonly starting: number; readonly rule: string; readonly days: number };

export type LaidOut =
  { readonly ok: true; readonly spans: readonly Span[] } | { readonly ok: false; readonly message: string };

/** Largest number of each numeric part; the library drops a number that is too large without a word. */
const LARGEST: Readonly<Record<string, { readonly most: number; readonly signed: boolean }>> = {
  INTERVAL: { most: 10_000, signed: false },
  COUNT: { most: 100_000, signed: false },
  BYMONTH: { most: 12, signed: false },
  BYMONTHDAY: { most: 31, signed: true },
  BYYEARDAY: { most: 366, signed: true },
  BYWEEKNO: { most: 53, signed: true },
  BYSETPOS: { most: 366, signed: true },
};
const SHAPES: Readonly<Record<string, RegExp>> = {
  FREQ: /^(DAILY|WEEKLY|MONTHLY|YEARLY)$/,
  UNTIL: /^\d{8}(T\d{6}Z)?$/,
  BYDAY: /^[+-]?\d{0,2}(MO|TU|WE|TH|FR|SA|SU)(,[+-]?\d{0,2}(MO|TU|WE|TH|FR|SA|SU))*$/,
  WKST: /^(MO|TU|WE|TH|FR|SA|SU)$/,
};
const PARTS = [...Object.keys(SHAPES), ...Object.keys(LARGEST)];

/** More periods than daily locks have in the time laid out; a rule that never happens ends here. */
const MAX_PERIODS = 60_000;

/** Every occurrence of a recurrence that touches `within`, as spans that begin at `dayBeginsMs` past midnight UTC. */
export function layOut(recurrence: Recurrence, dayBeginsMs: number, within: Span): LaidOut {
  const wrong = flawOf(recurrence.rule);
  if (wrong !== null) return { ok: false, message: wrong };
  try {
    const spans = occurrences(recurrence, dayBeginsMs, within);
    return spans.length > 0 ? { ok: true, spans } : { ok: false, message: never(recurrence.rule) };
  } catch (cause) {
    const text = cause instanceof Error ? cause.message : String(cause);
    if (text.includes('iterations')) return { ok: false, message: never(recurrence.rule) };
    return {
      ok: false,
      message: `expected an RFC 5545 recurrence rule, got \`${recurrence.rule}\`: ${text}`,
    };
  }
}

/** The same of a rule that was laid out before: also where nothing of it touches `within`. */
export function occurrences({ starting, rule, days }: Recurrence, dayBeginsMs: number, within: Span): Span[] {
  const start = starting * DAY_MS + dayBeginsMs;
  const dtstart = formatInstant(start).replaceAll(/[-:]/g, '');
  const series = new RRuleTemporal({
    rruleString: `DTSTART:${dtstart}\nRRULE:${rule}`,
    strict: true,
    cache: false,
    maxIterations: MAX_PERIODS,
  });
  const length = days * DAY_MS;
  return series
    .between(new Date(Math.max(within.start - length, start)), new Date(within.end), true)
    .map(({ epochMilliseconds }) => ({ start: epochMilliseconds, end: epochMilliseconds + length }))
    .filter((span) => span.end > within.start && span.start < within.end);
}

function never(rule: string): string {
  return `expected a recurrence that happens, got \`${rule}\`, which never does`;
}

/** The library overlooks what it does not know; a lock that was meant and is not there would let changes through. */
function flawOf(rule: string): string | null {
  const seen = new Set<string>();
  for (const part of rule.split(';')) {
    const [name, value, ...rest] = part.split('=');
    if (name === undefined || value === undefined || value === '' || rest.length > 0) {
      return `expected parts such as \`FREQ=MONTHLY;BYMONTHDAY=22\`, got \`${part}\``;
    }
    if (!PARTS.includes(name)) return `expected parts among ${PARTS.join(', ')}, got \`${name}\``;
    if (seen.has(name)) return `expected \`${name}\` once, got it a second time`;
    if (!fits(name, value)) return `expected a value of RFC 5545 for \`${name}\`, got \`${value}\``;
    seen.add(name);
  }
  return seen.has('FREQ') ? null : `expected a frequency (\`FREQ=…\`), got \`${rule}\``;
}

function fits(name: string, value: string): boolean {
  const shape = SHAPES[name];
  if (shape !== undefined) return shape.test(value);
  const limit = LARGEST[name];
  return limit !== undefined && value.split(',').every((text) => isWithin(text, limit));
}

function isWithin(
  text: string,
  { most, signed }: { readonly most: number; readonly signed: boolean },
): boolean {
  if (!(signed ? /^[+-]?\d{1,6}$/ : /^\d{1,6}$/).test(text)) return false;
  const size = Math.abs(Number(text));
  return size >= 1 && size <= most;
}
