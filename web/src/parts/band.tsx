import { Said } from './said.tsx';
import { spanText } from './time.ts';
import classes from './band.module.css';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Distances of marks, the first that leaves at most `MARKS` of them is taken. */
const STEPS_MS = [1, 3, 6, 12, 24, 48, 72, 168, 336, 672, 1_344].map((hours) => hours * HOUR_MS);
const MARKS = 6;
/** A Monday: marks of whole weeks fall on this day. */
const MONDAY_MS = Date.UTC(1970, 0, 5);

/** How a span looks: `hard` is filled, `soft` hatched, `waiting` only outlined, `slot` and `duty` are what happens inside. */
export type SpanLook = 'hard' | 'soft' | 'waiting' | 'slot' | 'duty' | 'gap';

export interface BandSpan {
  /** Epoch milliseconds, half open. */
  readonly start: number;
  readonly end: number;
  readonly look: SpanLook;
  /** What it is, for who points at it and for who hears the page. */
  readonly says: string;
  /** Shown inside, where there is room. */
  readonly text?: string;
}

export interface BandRow {
  readonly name: string;
  readonly spans: readonly BandSpan[];
}

interface BandProps {
  readonly label: string;
  readonly from: number;
  readonly to: number;
  readonly now: number;
  readonly rows: readonly BandRow[];
}

/** Stretches of time as a picture, a row for each; in UTC. */
export function Band({ label, from, to, now, rows }: BandProps) {
  const at = (ms: number) => `${(100 * (Math.min(Math.max(ms, from), to) - from)) / (to - from)}%`;
  const marks = marksOf(from, to);
  return (
    <figure className={classes['band']} aria-label={label}>
      {/* The same marks are said with every span. */}
      <div className={classes['axis']} aria-hidden="true">
        {marks.map((ms) => (
          <span key={ms} className={classes['mark']} style={{ left: at(ms) }}>
            {markText(ms, to - from)}
          </span>
        ))}
      </div>
      {rows.map(({ name, spans }) => (
        <div key={name} className={classes['row']}>
          <div className={classes['name']} title={name}>
            <Said text={name} />
          </div>
          <div className={classes['track']}>
            {marks.map((ms) => (
              <span key={ms} className={classes['line']} style={{ left: at(ms) }} />
            ))}
            {spans
              .filter(({ start, end }) => start < to && end > from)
              .map((span) => (
                <span
                  key={`${span.start} ${span.says}`}
                  role="img"
                  aria-label={`${span.says}, ${spanText(span.end - span.start)}`}
                  title={span.says}
                  data-look={span.look}
                  className={classes['span']}
                  style={{
                    left: at(span.start),
                    width: `calc(${at(Math.min(span.end, to))} - ${at(span.start)})`,
                  }}
                >
                  {span.text}
                </span>
              ))}
            {now >= from && now < to && <span className={classes['now']} style={{ left: at(now) }} />}
          </div>
        </div>
      ))}
    </figure>
  );
}

function marksOf(from: number, to: number): readonly number[] {
  const step = STEPS_MS.find((one) => (to - from) / one <= MARKS) ?? (to - from) / MARKS;
  const first = MONDAY_MS + Math.ceil((from - MONDAY_MS) / step) * step;
  const marks: number[] = [];
  // The last one would stand outside.
  for (let ms = first; ms < to - (to - from) / 12; ms += step) marks.push(ms);
  return marks;
}

const day = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', day: 'numeric', month: 'short' });

function markText(ms: number, length: number): string {
  const clock = new Date(ms).toISOString().slice(11, 16);
  return length <= 3 * DAY_MS && clock !== '00:00' ? clock : day.format(ms);
}

/** The first instant of a day in UTC. */
export function dayOf(ms: number): number {
  return Math.floor(ms / DAY_MS) * DAY_MS;
}
