import type { Calendar, CalendarDays, CalendarDaysQuery, CalendarQuery } from '../../contract/calendar.ts';
import { DAY_MS, MINUTE_MS, type Hours } from '../../kernel/calendar/hours.ts';
import { CRITICALITIES } from '../../kernel/policy/facts.ts';
import { transact, type Transaction } from '../../store/database.ts';
import { locksTouching } from '../../store/locks.ts';
import { slotsBetween } from '../../store/slots.ts';
import type { AppContext } from '../context.ts';
import { laidOut } from '../lock/occurrences.ts';
import { rotaIn } from '../rota/read.ts';
import { daysOf } from './days.ts';
import { policyLocks, serverLock } from './locks.ts';
import { slotView } from './slot-view.ts';

/** Everything of a span of time that a choice of a slot rests on, of one instant. */
export async function readCalendar(context: AppContext, query: CalendarQuery): Promise<Calendar> {
  const [from, to] = [new Date(query.from), new Date(query.to)];
  return transact(
    context.db,
    async (tx) => {
      const { shifts, gaps } = await rotaIn(tx, from, to);
      const slots = await slotsBetween(tx, { from, to, environment: query.environment ?? null });
      return { ...(await around(tx, context, query)), slots: slots.map(slotView), shifts, gaps };
    },
    { isolation: 'repeatable read', readOnly: true },
  );
}

/** Of each day the slots that there is room for, and how many there are: however many that is, the answer stays small. */
export async function readDays(context: AppContext, query: CalendarDaysQuery): Promise<CalendarDays> {
  const [from, to] = [new Date(query.from), new Date(query.to)];
  return transact(
    context.db,
    async (tx) => {
      const slots = await slotsBetween(tx, { from, to, environment: query.environment ?? null });
      return { ...(await around(tx, context, query)), days: daysOf(slots, query) };
    },
    { isolation: 'repeatable read', readOnly: true },
  );
}

/** The locks of a span and the hours of all changes. */
async function around(tx: Transaction, { policy: { policy } }: AppContext, query: CalendarQuery) {
  const { environment } = query;
  const [from, to] = [new Date(query.from), new Date(query.to)];
  const locks = laidOut(await locksTouching(tx, { from, to, releasedSince: to }), {
    start: query.from,
    end: query.to,
  });
  const there = locks.filter((lock) => environment === undefined || lock.environments.includes(environment));
  return {
    from: from.toISOString(),
    to: to.toISOString(),
    locks: [
      ...policyLocks(policy, query),
      ...there.filter(({ released_at }) => released_at === null).map(serverLock),
    ].toSorted((a, b) => a.start.localeCompare(b.start)),
    hours: hoursOfAll(policy.criticalities),
  };
}

function hoursOfAll(criticalities: AppContext['policy']['policy']['criticalities']): Calendar['hours'] {
  return Object.fromEntries(
    CRITICALITIES.map((name) => [name, stretchesOf(criticalities[name].hours)]),
  ) as Calendar['hours'];
}

function stretchesOf({ always, stretches }: Hours) {
  return always
    ? [{ start: '00:00', end: '00:00' }]
    : stretches.map(({ start, end }) => ({ start: clockText(start), end: clockText(end) }));
}

function clockText(msOfDay: number): string {
  const minutes = Math.floor((msOfDay % DAY_MS) / MINUTE_MS);
  return [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0')).join(':');
}
