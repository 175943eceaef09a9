import { Link } from '@tanstack/react-router';
import { memo, useMemo } from 'react';
import type { Calendar, CalendarSlot } from '../../../src/contract/calendar.ts';
import { dayOf } from '../parts/band.tsx';
import { serverNow } from '../server/clock.ts';
import { type Day, daysOf } from './days.ts';
import { type EventLook, mayMove, slotLook, slotText } from './events.ts';
import { type Range, dayText } from './search.ts';
import { type Drop, dragOver } from './month-drag.ts';
import looks from './calendar.module.css';
import classes from './month.module.css';

/** So much of a day is drawn; the rest of it is on its day. */
const MOST = 4;
const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

interface MonthProps {
  readonly calendar: Calendar;
  readonly conflicts: ReadonlySet<string>;
  readonly range: Range;
  /** A day of the month that is shown. */
  readonly dayMs: number;
  readonly onDrop: (drop: Drop) => void;
  readonly onSlot: (slot: CalendarSlot) => void;
}

/** Six weeks. Of each day some of what is on it, and how much there is: however many there are, the page stays small. */
export const Month = memo(function Month({ calendar, conflicts, range, dayMs, onDrop, onSlot }: MonthProps) {
  const days = useMemo(() => daysOf(calendar, range), [calendar, range]);
  const weeks = Array.from({ length: days.length / 7 }, (_, week) => days.slice(7 * week, 7 * week + 7));
  const month = new Date(dayMs).getUTCMonth();
  return (
    <table className={classes['month']} data-view="month" aria-label="Month">
      <thead>
        <tr>
          {WEEKDAYS.map((name) => (
            <th key={name} scope="col" abbr={name}>
              {name.slice(0, 3)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {weeks.map((week) => (
          <tr key={week[0]?.dayMs}>
            {week.map((day) => (
              <Cell
                key={day.dayMs}
                day={day}
                conflicts={conflicts}
                within={new Date(day.dayMs).getUTCMonth() === month}
                onDrop={onDrop}
                onSlot={onSlot}
              />
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
});

interface CellProps extends Pick<MonthProps, 'conflicts' | 'onDrop' | 'onSlot'> {
  readonly day: Day;
  readonly within: boolean;
}

function Cell({ day, conflicts, within, onDrop, onSlot }: CellProps) {
  const { dayMs, locks, slots } = day;
  const shownLocks = locks.slice(0, MOST - 1);
  const shown = firstOf(slots, conflicts).slice(0, MOST - shownLocks.length);
  const more = locks.length + slots.length - shownLocks.length - shown.length;
  const met = slots.filter(({ change }) => conflicts.has(change)).length;
  return (
    <td data-day={dayMs} data-within={within} data-today={dayMs === dayOf(serverNow())}>
      <Link from="/calendar" to="/calendar" search={onDay(dayMs)} className={classes['day']}>
        {dayName.format(dayMs)}
      </Link>
      <ul className={classes['entries']}>
        {shownLocks.map(({ id, kind, reason, start }) => (
          <li
            key={`${id} ${start}`}
            className={`${classes['entry']} ${looks[kind === 'hard' ? 'hardLock' : 'softLock']}`}
          >
            {kind} lock: {reason}
          </li>
        ))}
        {shown.map((slot) => (
          <li key={slot.change}>
            <button
              type="button"
              className={`${classes['entry']} ${looks[slotLook(slot, conflicts)]}`}
              title={`${slot.start.slice(11, 16)} UTC ${slotText(slot, conflicts)}`}
              data-movable={mayMove(slot) || undefined}
              onPointerDown={(event) => mayMove(slot) && dragOver(event, { slot, dayMs, onDrop })}
              onClick={() => onSlot(slot)}
            >
              {slot.start.slice(11, 16)} {slotText(slot, conflicts)}
            </button>
          </li>
        ))}
      </ul>
      {locks.length + slots.length > 0 && (
        <Link
          from="/calendar"
          to="/calendar"
          search={onDay(dayMs)}
          className={classes['more']}
          data-more={more > 0}
        >
          <span className={classes['wide']}>+{more} more</span>
          <span className={classes['narrow']}>
            {slots.length > 0 && slots.length}
            {met > 0 && '▲'}
            {locks.length > 0 && '■'}
          </span>
          <span className="unseen">
            , all {locks.length + slots.length} of {dayName.format(dayMs)}
            {met > 0 && `, ${met} in conflict`}
          </span>
        </Link>
      )}
    </td>
  );
}

const onDay =
  (dayMs: number) =>
  <T extends object>(before: T) => ({ ...before, view: 'day' as const, day: dayText(dayMs) });

const dayName = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', day: 'numeric', month: 'short' });

/** What runs, then what is in conflict, then what is to come, then what is over; each by its start. */
function firstOf(slots: readonly CalendarSlot[], conflicts: ReadonlySet<string>): readonly CalendarSlot[] {
  const byLook = Map.groupBy(slots, (slot) => slotLook(slot, conflicts));
  return RANKS.flatMap((look) => byLook.get(look) ?? []);
}

const RANKS: readonly EventLook[] = ['running', 'conflict', 'slot', 'pencilled', 'over'];
