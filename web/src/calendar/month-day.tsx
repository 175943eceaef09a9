import { memo } from 'react';
import type { CalendarDay, CalendarLock } from '../../../src/contract/calendar.ts';
import { mayMove, slotLook, slotText } from './events.ts';
import looks from './calendar.module.css';
import classes from './month.module.css';
import { Said } from '../parts/said.tsx';

/** So much of a day is drawn, locks and slots; the rest of it is on its day. */
const MOST = 4;

interface MonthDayProps {
  /** `null` until it is its turn. */
  readonly day: CalendarDay | null;
  readonly locks: readonly CalendarLock[];
  readonly dayMs: number;
  /** Whether it is of the month that is shown. */
  readonly within: boolean;
  /** How far after the beginning of today. */
  readonly from: number;
  /** Where the day is looked at. */
  readonly href: string;
}

/** A day of the month. What is pressed on it the month does. */
export const MonthDay = memo(function MonthDay({ day, locks, dayMs, within, from, href }: MonthDayProps) {
  return (
    <div
      role="cell"
      className={classes['cell']}
      data-day={dayMs}
      data-within={within}
      data-today={from === 0}
      data-ahead={from >= 0}
    >
      <a href={href} className={classes['day']}>
        {dayName.format(dayMs)}
      </a>
      {day && <Entries day={day} locks={locks} dayMs={dayMs} href={href} />}
    </div>
  );
});

interface EntriesProps extends Pick<MonthDayProps, 'locks' | 'dayMs' | 'href'> {
  readonly day: CalendarDay;
}

function Entries({ day: { slots, slotCount, inConflict }, locks, dayMs, href }: EntriesProps) {
  const all = locks.length + slotCount;
  if (all === 0) return null;
  const shownLocks = locks.slice(0, MOST - 1);
  const shown = slots.slice(0, MOST - shownLocks.length);
  const more = all - shownLocks.length - shown.length;
  return (
    <>
      <ul className={classes['entries']}>
        {shownLocks.map(({ id, kind, reason, start }) => (
          <li
            key={`${id} ${start}`}
            className={`${classes['entry']} ${looks[kind === 'hard' ? 'hardLock' : 'softLock']}`}
          >
            {kind} lock: <Said text={reason} />
          </li>
        ))}
        {shown.map((slot) => (
          <li key={slot.change}>
            <Entry slot={slot} />
          </li>
        ))}
      </ul>
      <a href={href} className={classes['more']} data-more={more > 0}>
        <span className={classes['wide']}>+{more} more</span>
        <span className={classes['narrow']}>
          {slotCount > 0 && slotCount}
          {inConflict > 0 && '▲'}
          {locks.length > 0 && '■'}
        </span>
        <span className="unseen">
          , all {all} of {dayName.format(dayMs)}
          {inConflict > 0 && `, ${inConflict} in conflict`}
        </span>
      </a>
    </>
  );
}

function Entry({ slot }: { readonly slot: CalendarDay['slots'][number] }) {
  const text = `${slot.start.slice(11, 16)} ${slotText(slot, slot.inConflict)}`;
  return (
    <button
      type="button"
      className={`${classes['entry']} ${looks[slotLook(slot, slot.inConflict)]}`}
      title={text.replace(' ', ' UTC ')}
      data-change={slot.change}
      data-movable={mayMove(slot) || undefined}
    >
      {text}
    </button>
  );
}

const dayName = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', day: 'numeric', month: 'short' });
