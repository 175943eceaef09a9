import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import type { Calendar, CalendarSlot } from '../../../src/contract/calendar.ts';
import type { Criticality } from '../../../src/kernel/policy/facts.ts';
import { Badge, type Tone } from '../parts/badge.tsx';
import { Instant } from '../parts/instant.tsx';
import { Said } from '../parts/said.tsx';
import { spanText } from '../parts/time.ts';
import { type Aim, useAim } from './aim.ts';
import { metAt } from './conflicts.ts';
import { closedSpans } from './hours.ts';
import { askSlot } from './ask-slot.ts';
import { Verdict } from './verdict.tsx';
import classes from './aim-strip.module.css';

/** So long a slot has to be held still before the server is asked. */
const STILL_MS = 150;
/** So many of those whom a slot meets are named; there may be hundreds. */
const NAMED = 3;

interface AimStripProps extends Pick<Calendar, 'slots' | 'locks' | 'hours'> {
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

function Held({ aim, ...known }: AimStripProps & { readonly aim: Aim }) {
  const { slots, criticality, environment } = known;
  const { from, to, change } = aim;
  const moved = slots.find((slot) => slot.change === change);
  const there = moved ?? { criticality, environment };
  const lying = [...locksAt(known, aim, there.environment), ...hoursAt(known, aim, there.criticality)];
  return (
    <>
      <strong>
        {change ?? 'A new slot'}: <Instant at={new Date(from).toISOString()} /> for {spanText(to - from)}
      </strong>
      {lying.map(([tone, text]) => (
        <span key={text}>
          <Badge tone={tone}>
            <Said text={text} />
          </Badge>
        </span>
      ))}
      {change === undefined ? (
        lying.length === 0 && <span className="quiet">No lock, and within the hours of {criticality}.</span>
      ) : (
        <OfServer change={change} aim={aim} known={moved ? metAt(slots, moved, aim) : []} />
      )}
    </>
  );
}

interface OfServerProps {
  readonly change: string;
  readonly aim: Aim;
  /** Whom it meets there, as far as the page knows: a month knows only what it draws. */
  readonly known: readonly CalendarSlot[];
}

function OfServer({ change, aim, known }: OfServerProps) {
  const [still] = useDebouncedValue(aim, STILL_MS);
  const slot = { start: new Date(still.from).toISOString(), end: new Date(still.to).toISOString() };
  const report = useQuery(askSlot(change, slot));
  // What was said of another place says nothing of this one.
  const current = still.from === aim.from && still.to === aim.to;
  const said = current ? report.data : undefined;
  return (
    <>
      <Met slots={said?.conflicts ?? known} />
      {report.isError && current && <span>The server cannot say what it would answer.</span>}
      {said && <Verdict decision={said.decision} />}
      {!said && !(report.isError && current) && <span className="quiet">asking the interlock …</span>}
    </>
  );
}

/** Others that are on the same service then. */
function Met({ slots }: { readonly slots: readonly CalendarSlot[] }) {
  return (
    <>
      {slots.slice(0, NAMED).map(({ change, title }) => (
        <span key={change}>
          <Badge tone="warn">{`${change} ${title} is on the same service`}</Badge>
        </span>
      ))}
      {slots.length > NAMED && <Badge tone="warn">{`and ${slots.length - NAMED} more are`}</Badge>}
    </>
  );
}

type Lying = readonly [tone: Tone, text: string];

function locksAt(
  { locks }: Pick<Calendar, 'locks'>,
  { from, to }: Aim,
  environment: string,
): readonly Lying[] {
  return locks
    .filter(
      ({ start, end, environments }) =>
        Date.parse(start) < to &&
        from < Date.parse(end) &&
        (environment === '' || environments.includes(environment)),
    )
    .map(({ kind, reason }) => [kind === 'hard' ? 'stop' : 'warn', `${kind} lock: ${reason}`]);
}

function hoursAt(
  calendar: Pick<Calendar, 'hours'>,
  { from, to }: Aim,
  criticality: Criticality,
): readonly Lying[] {
  const closed = closedSpans(calendar, criticality, { from, to }).length > 0;
  return closed ? [['stop', `outside the hours of ${criticality}`]] : [];
}
