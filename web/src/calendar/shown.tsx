import { useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Calendar, CalendarDays, CalendarSlot } from '../../../src/contract/calendar.ts';
import type { Criticality } from '../../../src/kernel/policy/facts.ts';
import { Answered } from '../parts/answered.tsx';
import { Waiting } from '../parts/empty.tsx';
import { serverNow } from '../server/clock.ts';
import { useUntilLetGo } from './aim.ts';
import { AimStrip } from './aim-strip.tsx';
import { askCalendar, askDays } from './ask-calendar.ts';
import { conflictsOf } from './conflicts.ts';
import { DayList } from './day-list.tsx';
import { drawnOf } from './days.ts';
import { type EventLook, eventsOf } from './events.ts';
import { Grid, type Wanted } from './grid.tsx';
import { Month } from './month.tsx';
import type { SlotOver } from './month-draw.ts';
import { slotOver } from './opening.ts';
import type { Range, View } from './search.ts';
import { SlotCard } from './slot-card.tsx';
import classes from './calendar.module.css';

interface ShownProps {
  readonly dayMs: number;
  readonly range: Range;
  readonly criticality: Criticality;
  /** One, or all (``). */
  readonly environment: string;
  readonly onWanted: (wanted: Wanted) => void;
}

const waiting = <Waiting rows={8} height="3rem" />;

/** A month, of which the server says what is drawn. */
export function ShownMonth(props: ShownProps) {
  const calendar = useQuery(askDays(props.range, props.environment));
  useOpenedAt(props.dayMs, calendar.data !== undefined);
  return (
    <Answered query={calendar} waiting={waiting}>
      {(answer) => <OfMonth calendar={answer} {...props} />}
    </Answered>
  );
}

/**
 * Opens the month at the week of its day: at the end of a month that lies beneath the screen. Once, and only where nobody has scrolled,
 * so that neither a step to another month nor the way back moves the page.
 */
function useOpenedAt(dayMs: number, isDrawn: boolean): void {
  const opened = useRef(false);
  useEffect(() => {
    if (!isDrawn || opened.current) return;
    opened.current = true;
    if (scrollY === 0) document.querySelector(`[data-day="${dayMs}"]`)?.scrollIntoView({ block: 'nearest' });
  }, [dayMs, isDrawn]);
}

/** The hours of a week or a day. */
export function ShownHours(props: ShownProps & { readonly view: Exclude<View, 'month'> }) {
  const calendar = useQuery(askCalendar(props.range, props.environment));
  return (
    <Answered query={calendar} waiting={waiting}>
      {(answer) => <OfHours calendar={answer} {...props} />}
    </Answered>
  );
}

type OfMonthProps = ShownProps & { readonly calendar: CalendarDays };

function OfMonth({ calendar, dayMs, range, criticality, environment, onWanted }: OfMonthProps) {
  const [looked, setLooked] = useState<string | null>(null);
  const slots = useMemo(() => calendar.days.flatMap((day) => day.slots), [calendar]);
  const over = useCallback<SlotOver>(
    (firstDay, lastDay) =>
      slotOver(calendar, { firstDay, lastDay, criticality, environment, now: serverNow() }),
    [calendar, criticality, environment],
  );
  const slot = slots.find(({ change }) => change === looked);
  return (
    <>
      <Month
        // Another month is drawn from its first week on.
        key={range.from}
        {...{ calendar, range, dayMs, onWanted }}
        slotOver={over}
        onSlot={setLooked}
      />
      {slot && <Looked slot={slot} inConflict={slot.inConflict} onWanted={onWanted} onLooked={setLooked} />}
      <AimStrip {...calendar} {...{ slots, criticality, environment }} />
    </>
  );
}

type OfHoursProps = ShownProps & { readonly view: Exclude<View, 'month'>; readonly calendar: Calendar };

function OfHours({ calendar, view, dayMs, range, criticality, environment, onWanted }: OfHoursProps) {
  const [looked, setLooked] = useState<string | null>(null);
  const { slots } = calendar;
  const conflicts = useMemo(() => conflictsOf(slots), [slots]);
  const drawn = useMemo(() => drawnOf(slots, { view, range, conflicts }), [slots, view, range, conflicts]);
  const events = useMemo(
    () => eventsOf(calendar, { slots: drawn.slots, range, criticality, conflicts, classOf }),
    [calendar, drawn, range, criticality, conflicts],
  );
  const still = useUntilLetGo(useMemo(() => ({ events, left: drawn.left }), [events, drawn]));
  const onSlot = useCallback(({ change }: CalendarSlot) => setLooked(change), []);
  const slot = slots.find(({ change }) => change === looked);
  return (
    <>
      <Grid {...{ view, dayMs, onWanted }} {...still} onChange={setLooked} />
      {view === 'day' && <DayList key={dayMs} calendar={calendar} conflicts={conflicts} onSlot={onSlot} />}
      {slot && (
        <Looked
          slot={slot}
          inConflict={conflicts.has(slot.change)}
          onWanted={onWanted}
          onLooked={setLooked}
        />
      )}
      <AimStrip {...calendar} {...{ criticality, environment }} />
    </>
  );
}

const classOf = (look: EventLook) => classes[look] ?? '';

interface LookedProps extends Pick<ShownProps, 'onWanted'> {
  readonly slot: CalendarSlot;
  readonly inConflict: boolean;
  readonly onLooked: (change: string | null) => void;
}

/** The slot that is looked at. */
function Looked({ slot, inConflict, onLooked, onWanted }: LookedProps) {
  return (
    <SlotCard
      slot={slot}
      inConflict={inConflict}
      onClose={() => onLooked(null)}
      onMove={() => {
        onLooked(null);
        onWanted({ start: Date.parse(slot.start), end: Date.parse(slot.end), change: slot.change });
      }}
    />
  );
}
