import type { Calendar, CalendarQuery, CalendarSlot } from '../../contract/calendar.ts';
import { DAY_MS, MINUTE_MS, type Hours } from '../../kernel/calendar/hours.ts';
import { CRITICALITIES } from '../../kernel/policy/facts.ts';
import { transact } from '../../store/database.ts';
import { locksTouching } from '../../store/locks.ts';
import { slotsBetween, type SlotRow } from '../../store/slots.ts';
import type { AppContext } from '../context.ts';
import { laidOut } from '../lock/occurrences.ts';
import { rotaIn } from '../rota/read.ts';
import { policyLocks, serverLock } from './locks.ts';

/** Everything of a span of time that a choice of a slot rests on, of one instant. */
export async function readCalendar(context: AppContext, query: CalendarQuery): Promise<Calendar> {
  const { environment } = query;
  const { policy } = context.policy;
  const [from, to] = [new Date(query.from), new Date(query.to)];
  return transact(
    context.db,
    async (tx) => {
      const { shifts, gaps } = await rotaIn(tx, from, to);
      const slots = await slotsBetween(tx, { from, to, environment: environment ?? null });
      const locks = laidOut(await locksTouching(tx, { from, to, releasedSince: to }), {
        start: query.from,
        end: query.to,
      });
      const there = locks.filter(
        (lock) => environment === undefined || lock.environments.includes(environment),
      );
      return {
        from: from.toISOString(),
        to: to.toISOString(),
        slots: slots.map(slotView),
        locks: [
          ...policyLocks(policy, query),
          ...there.filter(({ released_at }) => released_at === null).map(serverLock),
        ].toSorted((a, b) => a.start.localeCompare(b.start)),
        hours: hoursOfAll(policy.criticalities),
        shifts,
        gaps,
      };
    },
    { isolation: 'repeatable read', readOnly: true },
  );
}

/** A request as the calendar shows it. */
export function slotView(row: SlotRow): CalendarSlot {
  const { id, title, state, environment, services, criticality, executor, start, end, accepted } = row;
  return {
    change: id,
    title,
    state,
    environment,
    services,
    criticality,
    executor,
    start: start.toISOString(),
    end: end.toISOString(),
    accepted,
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
