import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import type { Calendar } from '../../../src/contract/calendar.ts';
import type { Criticality } from '../../../src/kernel/policy/facts.ts';
import { Badge, type Tone } from '../parts/badge.tsx';
import { Instant } from '../parts/instant.tsx';
import { spanText } from '../parts/time.ts';
import { type Aim, useAim } from './aim.ts';
import { metBy } from './conflicts.ts';
import { closedSpans } from './events.ts';
import { askSlot } from './ask-slot.ts';
import { Verdict } from './verdict.tsx';
import classes from './aim-strip.module.css';

/** So long a slot has to be held still before the server is asked. */
const STILL_MS = 150;

interface AimStripProps {
  readonly calendar: Calendar;
  readonly criticality: Criticality;
  readonly environment: string;
}

/** While a slot is held by the pointer: where it would lie, what lies there, and the server's verdict on it. */
export function AimStrip(props: AimStripProps) {
  const aim = useAim();
  return (
    // It stays in the page, so that what appears in it is said.
    <div role="status" aria-label="Where the slot is held" className={classes['strip']} data-print="hide">
      {aim && <Held aim={aim} {...props} />}
    </div>
  );
}

function Held({ aim, calendar, criticality, environment }: AimStripProps & { readonly aim: Aim }) {
  const { from, to, change } = aim;
  const moved = calendar.slots.find((slot) => slot.change === change);
  const there = moved ?? { criticality, environment };
  const lying = [
    ...locksAt(calendar, aim, there.environment),
    ...hoursAt(calendar, aim, there.criticality),
    ...(moved ? metBy(calendar.slots, moved, { start: from, end: to }) : []).map(
      (other) => ['warn', `${other.change} ${other.title} is on the same service`] as const,
    ),
  ];
  return (
    <>
      <strong>
        {change ?? 'A new slot'}: <Instant at={new Date(from).toISOString()} /> for {spanText(to - from)}
      </strong>
      {lying.map(([tone, text]) => (
        <span key={text}>
          <Badge tone={tone}>{text}</Badge>
        </span>
      ))}
      {change === undefined ? (
        lying.length === 0 && <span className="quiet">No lock, and within the hours of {criticality}.</span>
      ) : (
        <OfServer change={change} aim={aim} />
      )}
    </>
  );
}

function OfServer({ change, aim }: { readonly change: string; readonly aim: Aim }) {
  const [still] = useDebouncedValue(aim, STILL_MS);
  const slot = { start: new Date(still.from).toISOString(), end: new Date(still.to).toISOString() };
  const report = useQuery(askSlot(change, slot));
  // What was said of another place says nothing of this one.
  const current = still.from === aim.from && still.to === aim.to;
  if (report.isError && current) return <span>The server cannot say what it would answer.</span>;
  return report.data && current ? (
    <Verdict decision={report.data.decision} />
  ) : (
    <span className="quiet">asking the interlock …</span>
  );
}

type Lying = readonly [tone: Tone, text: string];

function locksAt({ locks }: Calendar, { from, to }: Aim, environment: string): readonly Lying[] {
  return locks
    .filter(
      ({ start, end, environments }) =>
        Date.parse(start) < to &&
        from < Date.parse(end) &&
        (environment === '' || environments.includes(environment)),
    )
    .map(({ kind, reason }) => [kind === 'hard' ? 'stop' : 'warn', `${kind} lock: ${reason}`]);
}

function hoursAt(calendar: Calendar, { from, to }: Aim, criticality: Criticality): readonly Lying[] {
  const closed = closedSpans(calendar, criticality, { from, to }).length > 0;
  return closed ? [['stop', `outside the hours of ${criticality}`]] : [];
}
