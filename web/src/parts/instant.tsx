import { useNow } from '../server/clock.ts';
import {
  distanceText,
  localText,
  spanText,
  utcClockText,
  utcExactText,
  utcMomentText,
  utcText,
} from './time.ts';
import classes from './instant.module.css';

interface InstantProps {
  /** RFC 3339. */
  readonly at: string;
  /** `day`: with its day. `clock`: hours and minutes. `exact`: with seconds. `moment`: day and seconds. */
  readonly show?: 'day' | 'clock' | 'exact' | 'moment';
}

/** An instant: UTC first, this machine's time second where it differs. */
export function Instant({ at, show = 'day' }: InstantProps) {
  const nowMs = useNow(3_600);
  const ms = Date.parse(at);
  const text = {
    day: () => utcText(ms, nowMs),
    clock: () => utcClockText(ms),
    exact: () => utcExactText(ms),
    moment: () => utcMomentText(ms, nowMs),
  };
  const local = localText(ms);
  return (
    <time dateTime={at} className={classes['instant']}>
      {text[show]()}
      {local !== null && (
        // The space is without: a line may end there, and nowhere within.
        <>
          {' '}
          <span className={classes['local']}>{local}</span>
        </>
      )}
    </time>
  );
}

interface SpanProps {
  readonly start: string;
  readonly end: string;
}

/** From an instant to another one, which says its day where that is another than the start's, in UTC. */
export function Span({ start, end }: SpanProps) {
  return (
    <>
      <Instant at={start} /> to <Instant at={end} show={dayOf(start) === dayOf(end) ? 'clock' : 'day'} />
    </>
  );
}

const dayOf = (at: string) => new Date(at).toISOString().slice(0, 10);

/** How far away an instant is, counting: `in 3 h 12 min`, `4 min ago`. */
export function Away({ at }: { readonly at: string }) {
  const nowMs = useNow();
  return (
    <time dateTime={at} title={utcText(Date.parse(at), nowMs)} className={classes['counting']}>
      {distanceText(Date.parse(at), nowMs)}
    </time>
  );
}

/** What is left until an instant, counting down; `0 s` once it has passed. */
export function Countdown({ until }: { readonly until: string }) {
  const left = Math.max(0, Date.parse(until) - useNow());
  return (
    <span role="timer" className={classes['counting']}>
      {spanText(left)}
    </span>
  );
}
