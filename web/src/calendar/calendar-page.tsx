import { Button, Group, NativeSelect } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useMemo, useState } from 'react';
import type { Calendar } from '../../../src/contract/calendar.ts';
import { type Criticality, CRITICALITIES } from '../../../src/kernel/policy/facts.ts';
import { Answered } from '../parts/answered.tsx';
import { dayOf } from '../parts/band.tsx';
import { Waiting } from '../parts/empty.tsx';
import { Page, Section } from '../parts/page.tsx';
import { useShortcut } from '../parts/shortcut.ts';
import { api } from '../server/api.ts';
import { serverNow } from '../server/clock.ts';
import { askNow } from '../server/questions.ts';
import { AimStrip } from './aim-strip.tsx';
import { conflicting } from './conflicts.ts';
import { DayList } from './day-list.tsx';
import { leftOf } from './days.ts';
import { type EventLook, eventsOf } from './events.ts';
import { Feeds } from './feeds.tsx';
import { Grid, type Wanted } from './grid.tsx';
import { Legend } from './legend.tsx';
import { Month } from './month.tsx';
import { type CalendarSearch, dayText, type Range, rangeOf, stepped, type View, VIEWS } from './search.ts';
import { SlotCard } from './slot-card.tsx';
import { SlotDialog } from './slot-dialog.tsx';
import classes from './calendar.module.css';

const HOUR_MS = 3_600_000;

/** Slots, locks, hours and changes of shift; where a slot is drawn or moved. */
export function CalendarPage() {
  const search = useSearch({ from: '/calendar' });
  // A week does not fit on a phone.
  const narrow = useMediaQuery('(max-width: 48rem)', false, { getInitialValueInEffect: false });
  const view = search.view ?? (narrow ? 'day' : 'week');
  const dayMs = search.day === undefined ? dayOf(serverNow()) : Date.parse(`${search.day}T00:00Z`);
  const range = useMemo(() => rangeOf(view, dayMs), [view, dayMs]);
  const [wanted, setWanted] = useState<Wanted | null>(null);
  const plan = () => {
    const next = Math.ceil(serverNow() / HOUR_MS) * HOUR_MS;
    setWanted({ start: next, end: next + HOUR_MS });
  };
  useShortcut('p', 'Plan a slot', plan);
  return (
    <Page
      title="Calendar"
      lead={`${rangeText(view, range, dayMs)}. Times are UTC; the small ones are yours.`}
      acts={
        <Button variant="default" onClick={plan}>
          Plan a slot
        </Button>
      }
    >
      <Bar search={search} view={view} dayMs={dayMs} />
      <Shown search={search} view={view} dayMs={dayMs} range={range} onWanted={setWanted} />
      <Legend hours={view !== 'month'} />
      <Section title="Feeds to subscribe to">
        <Feeds />
      </Section>
      {wanted && <SlotDialog wanted={wanted} onClose={() => setWanted(null)} />}
    </Page>
  );
}

const VIEW_WORDS: Readonly<Record<View, string>> = { week: 'Week', month: 'Month', day: 'Day' };

interface ShownProps {
  readonly search: CalendarSearch;
  readonly view: View;
  readonly dayMs: number;
  readonly range: Range;
  readonly onWanted: (wanted: Wanted) => void;
}

function Shown({ search, view, dayMs, range, onWanted }: ShownProps) {
  const { environment = '', criticality = 'C2' } = search;
  const calendar = useQuery({
    queryKey: ['calendar', range.from, range.to, environment],
    queryFn: () => api<Calendar>(`/calendar?${queryOf(range, environment)}`),
  });
  return (
    <Answered query={calendar} waiting={<Waiting rows={8} height="3rem" />}>
      {(answer) => (
        <>
          <OfView
            calendar={answer}
            view={view}
            dayMs={dayMs}
            range={range}
            criticality={criticality}
            onWanted={onWanted}
          />
          <AimStrip calendar={answer} criticality={criticality} environment={environment} />
        </>
      )}
    </Answered>
  );
}

interface OfViewProps extends Omit<ShownProps, 'search'> {
  readonly calendar: Calendar;
  readonly criticality: Criticality;
}

/** The calendar in the view that is chosen, and the slot of it that is looked at. */
function OfView({ calendar, view, dayMs, range, criticality, onWanted }: OfViewProps) {
  const [looked, setLooked] = useState<string | null>(null);
  const conflicts = useMemo(() => conflicting(calendar.slots), [calendar]);
  const drawn = useMemo(
    () =>
      view === 'month'
        ? null
        : {
            events: eventsOf(calendar, { view, range, criticality, conflicts, classOf }),
            left: leftOf(calendar, { view, range, conflicts }),
          },
    [calendar, view, range, criticality, conflicts],
  );
  const onSlot = useCallback(({ change }: { readonly change: string }) => setLooked(change), []);
  const slot = calendar.slots.find(({ change }) => change === looked);
  return (
    <>
      {view === 'month' || drawn === null ? (
        <Month
          calendar={calendar}
          conflicts={conflicts}
          range={range}
          dayMs={dayMs}
          onDrop={onWanted}
          onSlot={onSlot}
        />
      ) : (
        <Grid view={view} dayMs={dayMs} {...drawn} onWanted={onWanted} onChange={setLooked} />
      )}
      {view === 'day' && <DayList key={dayMs} calendar={calendar} conflicts={conflicts} onSlot={onSlot} />}
      {slot && (
        <SlotCard
          slot={slot}
          inConflict={conflicts.has(slot.change)}
          onClose={() => setLooked(null)}
          onMove={() => {
            setLooked(null);
            onWanted({ start: Date.parse(slot.start), end: Date.parse(slot.end), change: slot.change });
          }}
        />
      )}
    </>
  );
}

const classOf = (look: EventLook) => classes[look] ?? '';

function queryOf({ from, to }: Range, environment: string): string {
  const span = { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
  return new URLSearchParams({ ...span, ...(environment !== '' && { environment }) }).toString();
}

function Bar({
  search,
  view,
  dayMs,
}: {
  readonly search: CalendarSearch;
  readonly view: View;
  readonly dayMs: number;
}) {
  const navigate = useNavigate({ from: '/calendar' });
  const environments = useQuery(askNow).data?.environments.filter(({ operational }) => operational) ?? [];
  const go = (part: CalendarSearch) => void navigate({ search: (before) => ({ ...before, ...part }) });
  const step = (by: 1 | -1) => go({ day: dayText(stepped(view, dayMs, by)) });
  useShortcut('k', 'Back', () => step(-1));
  useShortcut('j', 'Next', () => step(1));
  useShortcut('t', 'Today', () => go({ day: dayText(dayOf(serverNow())) }));
  return (
    <Group gap="sm" align="end" mb="md" data-print="hide">
      <Group gap="xs" role="group" aria-label="Time">
        <Button variant="default" onClick={() => step(-1)}>
          Back
        </Button>
        <Button variant="default" onClick={() => go({ day: dayText(dayOf(serverNow())) })}>
          Today
        </Button>
        <Button variant="default" onClick={() => step(1)}>
          Next
        </Button>
      </Group>
      <Group gap="xs" role="group" aria-label="View">
        {VIEWS.map((one) => (
          <Button
            key={one}
            variant={one === view ? 'filled' : 'default'}
            aria-pressed={one === view}
            onClick={() => go({ view: one })}
          >
            {VIEW_WORDS[one]}
          </Button>
        ))}
      </Group>
      <NativeSelect
        label="Hours of"
        value={search.criticality ?? 'C2'}
        data={[...CRITICALITIES]}
        onChange={({ currentTarget }) => go({ criticality: currentTarget.value as 'C1' })}
      />
      <NativeSelect
        label="Environment"
        value={search.environment ?? ''}
        data={[{ value: '', label: 'all' }, ...environments.map(({ name }) => name)]}
        onChange={({ currentTarget }) => go({ environment: currentTarget.value })}
      />
    </Group>
  );
}

const long = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'UTC',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
});
const month = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', month: 'long', year: 'numeric' });

function rangeText(view: View, { from, to }: Range, dayMs: number): string {
  if (view === 'month') return month.format(dayMs);
  return view === 'day' ? long.format(dayMs) : long.formatRange(from, to - 1);
}
