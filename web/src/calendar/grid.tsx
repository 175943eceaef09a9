import FullCalendar, { type EventInput, type SlotHeaderInfo } from '@fullcalendar/react';
import interactionPlugin from '@fullcalendar/react/interaction';
import classicTheme from '@fullcalendar/react/themes/classic';
import timeGridPlugin from '@fullcalendar/react/timegrid';
import '@fullcalendar/react/skeleton.css';
import '@fullcalendar/react/themes/classic/theme.css';
import '@fullcalendar/react/themes/classic/palette.css';
import { Link } from '@tanstack/react-router';
import { memo, useEffect } from 'react';
import { localText, utcClockText } from '../parts/time.ts';
import { serverNow } from '../server/clock.ts';
import { type Aim, aimAt } from './aim.ts';
import { dayText, type View } from './search.ts';
import classes from './calendar.module.css';

const PLUGINS = [timeGridPlugin, interactionPlugin, classicTheme];
const FULL_VIEWS = { week: 'timeGridWeek', day: 'timeGridDay' } as const;

export interface Wanted {
  readonly start: number;
  readonly end: number;
  /** The change that is moved; absent where a new slot is drawn. */
  readonly change?: string;
}

interface GridProps {
  readonly view: Exclude<View, 'month'>;
  readonly dayMs: number;
  readonly events: EventInput[];
  /** How many slots there was no room for on a day, by its first instant. */
  readonly left: ReadonlyMap<number, number>;
  readonly onWanted: (wanted: Wanted) => void;
  readonly onChange: (change: string) => void;
}

/** The hours of a week or a day. What is dragged stays where it was until the server has said yes. */
export const Grid = memo(function Grid({ view, dayMs, events, left, onWanted, onChange }: GridProps) {
  useEffect(() => () => aimAt(null), []);
  const moved = ({ event, revert }: Moved) => {
    const { start, end } = event;
    revert();
    if (start && end) onWanted({ start: start.getTime(), end: end.getTime(), change: event.id });
  };
  return (
    <>
      <Left left={left} view={view} />
      <div className={classes['grid']} data-view={view}>
        <FullCalendar
          // Another view or day is another calendar: what is shown is in the address alone.
          key={`${view} ${dayMs}`}
          plugins={PLUGINS}
          headerToolbar={false}
          initialView={FULL_VIEWS[view]}
          initialDate={dayText(dayMs)}
          timeZone="UTC"
          locale="en-GB"
          displayEventTime={false}
          firstDay={1}
          now={() => new Date(serverNow())}
          nowIndicator
          allDaySlot={false}
          // Beside each other: under one another an id would be hidden.
          slotEventOverlap={false}
          height="auto"
          slotDuration="01:00:00"
          snapDuration="00:15:00"
          slotHeaderInterval="02:00:00"
          slotHeaderContent={HourHead}
          dayHeaderFormat={DAY}
          selectable
          selectMirror
          // A tap is a tap: a finger holds for a moment to draw or to move.
          longPressDelay={500}
          events={events}
          eventAllow={(span, event) => aimed(span, event?.id)}
          selectAllow={(span) => aimed(span)}
          eventDragStop={() => aimAt(null)}
          eventResizeStop={() => aimAt(null)}
          select={({ start, end }) => {
            aimAt(null);
            onWanted({ start: start.getTime(), end: end.getTime() });
          }}
          unselect={() => aimAt(null)}
          eventDrop={moved}
          eventResize={moved}
          eventClick={({ event }) => {
            if (event.id.startsWith('CHG-')) onChange(event.id);
          }}
        />
      </div>
    </>
  );
});

/** Asked at every place that a slot is held over. All are allowed: what speaks against one is said, and whoever lets go decides. */
function aimed({ start, end }: { readonly start: Date; readonly end: Date }, change?: string): true {
  const aim: Aim = { from: start.getTime(), to: end.getTime(), ...(change !== undefined && { change }) };
  // Not while the calendar is drawing.
  queueMicrotask(() => aimAt(aim));
  return true;
}

interface Moved {
  readonly event: { readonly id: string; readonly start: Date | null; readonly end: Date | null };
  readonly revert: () => void;
}

const DAY = { weekday: 'short', day: 'numeric', month: 'short' } as const;

/** The days on which not all has room, each a way to all of it. */
function Left({ left, view }: Pick<GridProps, 'left' | 'view'>) {
  if (left.size === 0) return null;
  if (view === 'day')
    return <p>{[...left.values()][0]} more have no room here: all are in the list below.</p>;
  return (
    <ul className={classes['left']} aria-label="More than has room">
      {[...left].map(([dayMs, many]) => (
        <li key={dayMs}>
          <Link
            from="/calendar"
            to="/calendar"
            search={(before) => ({ ...before, view: 'day' as const, day: dayText(dayMs) })}
          >
            +{many} more on {dayName.format(dayMs)}
          </Link>
        </li>
      ))}
    </ul>
  );
}

const dayName = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', ...DAY });

function HourHead({ date }: SlotHeaderInfo) {
  const ms = date.getTime();
  return (
    <span className={classes['hour']}>
      {utcClockText(ms)}
      <span className="quiet">{localText(ms)}</span>
    </span>
  );
}
