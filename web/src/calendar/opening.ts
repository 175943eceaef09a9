import type { Calendar } from '../../../src/contract/calendar.ts';
import { hoursOf } from '../../../src/kernel/calendar/hours.ts';
import { earliestOpening } from '../../../src/kernel/calendar/opening.ts';
import { spanList } from '../../../src/kernel/calendar/span.ts';
import type { Criticality } from '../../../src/kernel/policy/facts.ts';
import { closedSpans, msOfClock } from './hours.ts';
import type { Range } from './search.ts';

const QUARTER_MS = 900_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

interface Wish {
  /** The first instants of the first and of the last day that a slot is drawn over, in UTC. */
  readonly firstDay: number;
  readonly lastDay: number;
  readonly criticality: Criticality;
  /** One, or all (``). */
  readonly environment: string;
  readonly now: number;
}

type Known = Pick<Calendar, 'hours' | 'locks'>;

/**
 * Where a slot that is drawn over days would lie: from the first opening of the first day, on one day for an hour, over several
 * until the hours of the last one end. `null` where all of it is past.
 */
export function slotOver(known: Known, wish: Wish): Range | null {
  const { firstDay, lastDay, criticality, now } = wish;
  if (lastDay + DAY_MS <= now) return null;
  const day = Math.max(firstDay, Math.floor(now / DAY_MS) * DAY_MS);
  const from = firstOpening(known, { ...wish, day });
  if (day === lastDay) return { from, to: from + HOUR_MS };
  const closed = closedSpans(known, criticality, { from: lastDay, to: lastDay + DAY_MS }).at(-1);
  const closes = closed?.to === lastDay + DAY_MS && closed.from > lastDay ? closed.from : lastDay + DAY_MS;
  return { from, to: closes };
}

/** The first quarter of a day with an hour within the hours and free of locks; where none is, what speaks least against. */
function firstOpening({ hours, locks }: Known, wish: Wish & { readonly day: number }): number {
  const { day, criticality, environment, now } = wish;
  const begins = Math.max(day, Math.ceil(now / QUARTER_MS) * QUARTER_MS);
  const there = locks.filter(({ environments }) => environment === '' || environments.includes(environment));
  const open = hoursOf(
    (hours[criticality] ?? []).map(({ start, end }) => ({ start: msOfClock(start), end: msOfClock(end) })),
  );
  const search = { from: begins, until: day + DAY_MS - 1, lengthMs: HOUR_MS, hours: open };
  const without = (those: Known['locks']) =>
    earliestOpening({ ...search, blocked: [{ list: spans(those) }] });
  return without(there) ?? without(there.filter(({ kind }) => kind === 'hard')) ?? without([]) ?? begins;
}

/** As far as a slot that begins at a quarter is touched by them. */
function spans(locks: Known['locks']) {
  return spanList(
    locks.map(({ start, end }) => ({
      start: Math.floor(Date.parse(start) / QUARTER_MS) * QUARTER_MS,
      end: Math.ceil(Date.parse(end) / QUARTER_MS) * QUARTER_MS,
    })),
  );
}
