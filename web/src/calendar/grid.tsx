import FullCalendar, { type EventInput, type SlotHeaderInfo } from '@fullcalendar/react';
import dayGridPlugin from '@fullcalendar/react/daygrid';
import interactionPlugin from '@fullcalendar/react/interaction';
import classicTheme from '@fullcalendar/react/themes/classic';
import timeGridPlugin from '@fullcalendar/react/timegrid';
import '@fullcalendar/react/skeleton.css';
import '@fullcalendar/react/themes/classic/theme.css';
import '@fullcalendar/react/themes/classic/palette.css';
import { localText, utcClockText } from '../parts/time.ts';
import { serverNow } from '../server/clock.ts';
import { dayText, type View } from './search.ts';
import classes from './calendar.module.css';

const PLUGINS = [timeGridPlugin, dayGridPlugin, interactionPlugin, classicTheme];
const FULL_VIEWS = { week: 'timeGridWeek', month: 'dayGridMonth', day: 'timeGridDay' } as const;

export interface Wanted {
  readonly start: number;
  readonly end: number;
  /** The change that is moved; absent where a new slot is drawn. */
  readonly change?: string;
}

interface GridProps {
  readonly view: View;
  readonly dayMs: number;
  readonly events: EventInput[];
  readonly onWanted: (wanted: Wanted) => void;
  readonly onChange: (change: string) => void;
}

/** The calendar itself. What is dragged stays where it was until the server has said yes. */
export function Grid({ view, dayMs, events, onWanted, onChange }: GridProps) {
  const moved = ({ event, revert }: Moved) => {
    const { start, end } = event;
    revert();
    if (start && end) onWanted({ start: start.getTime(), end: end.getTime(), change: event.id });
  };
  return (
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
        height="auto"
        slotDuration="01:00:00"
        slotHeaderInterval="02:00:00"
        slotHeaderContent={HourHead}
        dayHeaderFormat={view === 'month' ? { weekday: 'short' } : DAY}
        fixedWeekCount
        selectable={view !== 'month'}
        selectMirror
        events={events}
        select={({ start, end }) => onWanted({ start: start.getTime(), end: end.getTime() })}
        eventDrop={moved}
        eventResize={moved}
        eventClick={({ event }) => {
          if (event.id.startsWith('CHG-')) onChange(event.id);
        }}
      />
    </div>
  );
}

interface Moved {
  readonly event: { readonly id: string; readonly start: Date | null; readonly end: Date | null };
  readonly revert: () => void;
}

const DAY = { weekday: 'short', day: 'numeric', month: 'short' } as const;

function HourHead({ date }: SlotHeaderInfo) {
  const ms = date.getTime();
  return (
    <span className={classes['hour']}>
      {utcClockText(ms)}
      <span className="quiet">{localText(ms)}</span>
    </span>
  );
}
