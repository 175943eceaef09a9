import { Button } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useSearch } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { dayOf } from '../parts/band.tsx';
import { Page, Section } from '../parts/page.tsx';
import { serverNow } from '../server/clock.ts';
import { Bar } from './bar.tsx';
import { Feeds } from './feeds.tsx';
import type { Wanted } from './grid.tsx';
import { Legend } from './legend.tsx';
import { type Range, rangeOf, type View } from './search.ts';
import { ShownHours, ShownMonth } from './shown.tsx';
import { SlotDialog } from './slot-dialog.tsx';
import { usePlan } from './use-plan.ts';

/** Slots, locks, hours and changes of shift; where a slot is drawn or moved. */
export function CalendarPage() {
  const search = useSearch({ from: '/calendar' });
  // A week does not fit on a phone.
  const narrow = useMediaQuery('(max-width: 48rem)', false, { getInitialValueInEffect: false });
  const view = search.view ?? (narrow ? 'day' : 'week');
  const dayMs = search.day === undefined ? dayOf(serverNow()) : Date.parse(`${search.day}T00:00Z`);
  const range = useMemo(() => rangeOf(view, dayMs), [view, dayMs]);
  const [wanted, setWanted] = useState<Wanted | null>(null);
  const { environment = '', criticality = 'C2' } = search;
  const shown = { dayMs, range, criticality, environment, onWanted: setWanted };
  const plan = usePlan(shown);
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
      {view === 'month' ? <ShownMonth {...shown} /> : <ShownHours {...shown} view={view} />}
      <Legend hours={view !== 'month'} />
      {FEEDS}
      {wanted && <SlotDialog wanted={wanted} onClose={() => setWanted(null)} />}
    </Page>
  );
}

const long = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'UTC',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
});
const month = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', month: 'long', year: 'numeric' });

// One and the same: not drawn anew for each step of the calendar.
const FEEDS = (
  <Section title="Feeds to subscribe to">
    <Feeds />
  </Section>
);

function rangeText(view: View, { from, to }: Range, dayMs: number): string {
  if (view === 'month') return month.format(dayMs);
  return view === 'day' ? long.format(dayMs) : long.formatRange(from, to - 1);
}
