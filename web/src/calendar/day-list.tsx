import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { Calendar, CalendarSlot } from '../../../src/contract/calendar.ts';
import { Badge } from '../parts/badge.tsx';
import { Empty } from '../parts/empty.tsx';
import { Instant } from '../parts/instant.tsx';
import { Section } from '../parts/page.tsx';
import { type Columns, Table } from '../parts/table.tsx';
import { CHANGE_TONES } from '../parts/tones.ts';
import { mayMove } from './events.ts';

/** So many rows at a time. */
const MORE = 100;

interface DayListProps {
  readonly calendar: Calendar;
  readonly conflicts: ReadonlySet<string>;
  readonly onSlot: (slot: CalendarSlot) => void;
}

/** Everything of a day in its order, however much lies on its hours: for who reads, prints or hears it. */
export function DayList({ calendar, conflicts, onSlot }: DayListProps) {
  const [most, setMost] = useState(MORE);
  const lines = linesOf(calendar);
  return (
    <Section title="All of this day">
      {lines.length === 0 ? (
        <Empty title="Nothing is on this day." />
      ) : (
        <Table
          label="All of this day"
          rows={lines.slice(0, most)}
          keyOf={({ key }) => key}
          columns={columnsOf(conflicts, onSlot)}
        />
      )}
      {lines.length > most && (
        <Button variant="default" mt="sm" onClick={() => setMost(most + MORE)}>
          Show {Math.min(MORE, lines.length - most)} more of {lines.length}
        </Button>
      )}
    </Section>
  );
}

/** The columns of a day's table. */
function columnsOf(conflicts: ReadonlySet<string>, onSlot: DayListProps['onSlot']): Columns<Line> {
  return {
    From: ({ start }) => <Instant at={start} />,
    To: ({ end }) => (end === null ? '' : <Instant at={end} />),
    What: ({ text, slot }) =>
      slot === undefined ? (
        text
      ) : (
        <>
          <Link to="/changes/$id" params={{ id: slot.change }}>
            {slot.change}
          </Link>{' '}
          {text}
        </>
      ),
    State: (line) => <StateOf line={line} conflicts={conflicts} />,
    Act: ({ slot }) =>
      slot !== undefined &&
      mayMove(slot) && (
        <Button size="xs" variant="default" onClick={() => onSlot(slot)}>
          Look at or move <span className="unseen">{slot.change}</span>
        </Button>
      ),
  };
}

interface Line {
  readonly key: string;
  readonly start: string;
  readonly end: string | null;
  readonly text: string;
  readonly kind: 'slot' | 'hard' | 'soft' | 'shift' | 'gap';
  readonly slot?: CalendarSlot;
}

function linesOf({ slots, locks, shifts, gaps }: Calendar): readonly Line[] {
  const lines: readonly Line[] = [
    ...locks.map(({ id, kind, reason, start, end }) => ({
      key: `${id} ${start}`,
      start,
      end,
      text: reason,
      kind,
    })),
    ...shifts.map(({ rota, person, start, end }) => ({
      key: `${rota} ${start}`,
      start,
      end,
      text: `${rota.toUpperCase()}: ${person}`,
      kind: 'shift' as const,
    })),
    ...gaps.map(({ rota, start, end }) => ({
      key: `${rota} gap ${start}`,
      start,
      end,
      text: `${rota.toUpperCase()}: nobody`,
      kind: 'gap' as const,
    })),
    ...slots.map((slot) => ({
      key: slot.change,
      start: slot.start,
      end: slot.end,
      text: slot.title,
      kind: 'slot' as const,
      slot,
    })),
  ];
  return lines.toSorted((a, b) => Date.parse(a.start) - Date.parse(b.start));
}

function StateOf({
  line: { kind, slot },
  conflicts,
}: {
  readonly line: Line;
  readonly conflicts: ReadonlySet<string>;
}) {
  if (slot === undefined) {
    if (kind === 'hard' || kind === 'soft')
      return <Badge tone={kind === 'hard' ? 'stop' : 'warn'}>{kind} lock</Badge>;
    return kind === 'gap' ? <Badge tone="stop">nobody on call</Badge> : <Badge tone="quiet">on call</Badge>;
  }
  return (
    <>
      <Badge tone={CHANGE_TONES[slot.state]}>{slot.state}</Badge>{' '}
      {mayMove(slot) && !slot.accepted && <Badge tone="quiet">pencilled in</Badge>}{' '}
      {conflicts.has(slot.change) && <Badge tone="warn">in conflict</Badge>}
    </>
  );
}
