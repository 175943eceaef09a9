import { useNavigate, useRouter } from '@tanstack/react-router';
import { memo, type MouseEvent, type PointerEvent, useMemo } from 'react';
import type {
  CalendarDay,
  CalendarDays,
  CalendarLock,
  CalendarSlot,
} from '../../../src/contract/calendar.ts';
import { dayOf } from '../parts/band.tsx';
import { serverNow } from '../server/clock.ts';
import { byDay } from './days.ts';
import type { Wanted } from './grid.tsx';
import { MonthDay } from './month-day.tsx';
import { dragOver } from './month-drag.ts';
import { drawOver, type SlotOver } from './month-draw.ts';
import { dayText, type Range } from './search.ts';
import { useInPieces } from './use-in-pieces.ts';
import classes from './month.module.css';

const DAY_MS = 86_400_000;
const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const NO_LOCKS: readonly CalendarLock[] = [];
/** Stands for a day in an address; no day is written like that. */
const SOME_DAY = '0000-00-00';

interface MonthProps {
  readonly calendar: CalendarDays;
  readonly range: Range;
  /** A day of the month that is shown. */
  readonly dayMs: number;
  readonly slotOver: SlotOver;
  readonly onWanted: (wanted: Wanted) => void;
  readonly onSlot: (change: string) => void;
}

/** Six weeks. Of each day some of what is on it, and how much there is: however many there are, the page stays small. */
export const Month = memo(function Month(props: MonthProps) {
  const { calendar, range, dayMs } = props;
  const weeks = useMemo(() => weeksOf(calendar, range), [calendar, range]);
  // A week a frame: no frame waits for the whole of them.
  const drawn = useInPieces(weeks.length);
  const hrefOf = useDayHref();
  const presses = usePresses(props);
  const month = new Date(dayMs).getUTCMonth();
  const today = dayOf(serverNow());
  return (
    <div
      role="table"
      className={classes['month']}
      data-view="month"
      aria-label="Month"
      aria-busy={drawn < weeks.length}
      {...presses}
    >
      <div role="row" className={classes['week']}>
        {WEEKDAYS.map((name) => (
          <div key={name} role="columnheader" aria-label={name} className={classes['weekday']}>
            {name.slice(0, 3)}
          </div>
        ))}
      </div>
      {weeks.map((week, index) => (
        <div key={index} role="row" className={classes['week']}>
          {week.map(({ day, locks, startMs }) => (
            <MonthDay
              key={startMs}
              day={index < drawn ? day : null}
              locks={locks}
              dayMs={startMs}
              within={new Date(startMs).getUTCMonth() === month}
              from={startMs - today}
              href={hrefOf(startMs)}
            />
          ))}
        </div>
      ))}
    </div>
  );
});

interface DayOfMonth {
  readonly day: CalendarDay;
  readonly locks: readonly CalendarLock[];
  readonly startMs: number;
}

function weeksOf(calendar: CalendarDays, range: Range): readonly (readonly DayOfMonth[])[] {
  const locks = byDay(calendar.locks, range);
  const days = calendar.days.map((day, index) => {
    const there = locks[index] ?? NO_LOCKS;
    // The same where there are none: such a day is not drawn anew for another one's sake.
    return { day, locks: there.length === 0 ? NO_LOCKS : there, startMs: range.from + index * DAY_MS };
  });
  return Array.from({ length: days.length / 7 }, (_, week) => days.slice(7 * week, 7 * week + 7));
}

/** Where a day is looked at, by an address that is made once: of the many that a month has each would cost as much as its day. */
function useDayHref(): (dayMs: number) => string {
  const router = useRouter();
  const { href } = router.buildLocation({
    from: '/calendar',
    to: '/calendar',
    search: (before) => ({ ...before, view: 'day' as const, day: SOME_DAY }),
  });
  return (dayMs) => href.replace(SOME_DAY, dayText(dayMs));
}

/** What is done by presses anywhere in the month. */
function usePresses({ calendar, slotOver, onWanted, onSlot }: MonthProps) {
  const navigate = useNavigate({ from: '/calendar' });
  const slotAt = (change: string | undefined): CalendarSlot | undefined =>
    change === undefined
      ? undefined
      : calendar.days.flatMap(({ slots }) => slots).find((slot) => slot.change === change);
  return {
    onPointerDown(down: PointerEvent<HTMLElement>) {
      const target = down.target as Element;
      const dayMs = Number(target.closest<HTMLElement>('[data-day]')?.dataset['day'] ?? Number.NaN);
      if (Number.isNaN(dayMs)) return;
      const slot = slotAt(target.closest<HTMLElement>('[data-movable]')?.dataset['change']);
      if (slot) dragOver(down, { slot, dayMs, onDrop: onWanted });
      // What lies on the day has presses of its own.
      else if (!target.closest('a, button, li')) drawOver(down, { dayMs, slotOver, onDraw: onWanted });
    },
    onClick(click: MouseEvent<HTMLElement>) {
      const target = click.target as Element;
      const change = target.closest<HTMLElement>('[data-change]')?.dataset['change'];
      if (change !== undefined) onSlot(change);
      const day = target.closest<HTMLElement>('a')?.closest<HTMLElement>('[data-day]')?.dataset['day'];
      // In a tab of its own by the browser.
      if (day === undefined || click.ctrlKey || click.metaKey || click.shiftKey || click.altKey) return;
      click.preventDefault();
      void navigate({ search: (before) => ({ ...before, view: 'day' as const, day: dayText(Number(day)) }) });
    },
  };
}
