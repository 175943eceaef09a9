import type { LockWish } from '../../contract/locks.ts';
import { LAID_OUT } from '../../documents/policy-locks.ts';
import { layOut, type Recurrence } from '../../documents/recurrence.ts';
import { DAY_MS } from '../../kernel/calendar/hours.ts';
import type { LockRow, LockText } from '../../store/locks.ts';
import type { AppContext } from '../context.ts';
import { digestOf } from '../digest.ts';
import { done, refuse, type Outcome } from '../outcome.ts';

/** A proposal that begins "now" may have been on its way for a while. */
const ON_ITS_WAY_MS = 60_000;
/** A recurrence that does not happen within this time is a mistake. */
const SOON_MS = 3_660 * DAY_MS;

/** What a text is read against. */
export interface Reading {
  readonly now: number;
  /** The newest version of the lock that it is another text of. */
  readonly old: LockRow | null;
}

type When = Pick<LockText, 'start' | 'end' | 'recurrence'>;

/** The text that a wish comes to, with the digest by which it is shown and confirmed. What reaches back is refused. */
export function textOf(context: AppContext, wish: LockWish, reading: Reading): Outcome<LockText> {
  const unknown = wish.environments.find((name) => !context.policy.policy.environments.has(name));
  if (unknown !== undefined)
    return refuse('invalid', `expected environments of the policy, got \`${unknown}\``);
  const when = whenOf(context.policy.file.lockDayBegins, wish, reading);
  if (!when.ok) return when;
  const { kind, category, reason } = wish;
  const environments = [...new Set(wish.environments)].toSorted();
  const { start, end, first, last, recurs } = wish;
  const { old } = reading;
  const said = { kind, category, reason, environments, ...defined({ start, end, first, last, recurs }) };
  const digest = digestOf(context, old === null ? said : { ...said, edits: old.id, version: old.version });
  return done({ kind, category, reason, environments, ...when.value, digest });
}

function defined(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

function whenOf(dayBeginsMs: number, wish: LockWish, reading: Reading): Outcome<When> {
  const { first, last, recurs } = wish;
  if (recurs !== undefined) return recurring(recurs, dayBeginsMs, reading);
  const days = first !== undefined && last !== undefined;
  const start = days ? first * DAY_MS + dayBeginsMs : wish.start;
  const end = days ? (last + 1) * DAY_MS + dayBeginsMs : wish.end;
  if (start === undefined || end === undefined)
    return refuse('invalid', 'expected when it holds, got nothing');
  const begins = beginning(start, days ? DAY_MS : ON_ITS_WAY_MS, reading);
  if (begins === null || end <= reading.now) return reachesBack();
  return done({ start: new Date(begins), end: new Date(end), recurrence: null });
}

function recurring(recurs: Recurrence, dayBeginsMs: number, reading: Reading): Outcome<When> {
  const { rule } = recurs;
  const first = recurs.starting * DAY_MS + dayBeginsMs;
  const bounded = /(^|;)(COUNT|UNTIL)=/.test(rule);
  const within = { start: first, end: bounded ? LAID_OUT.end : first + SOON_MS };
  const laid = layOut(recurs, dayBeginsMs, within);
  if (!laid.ok) return refuse('invalid', laid.message);
  const begins = beginning(first, DAY_MS, reading);
  const end = bounded ? (laid.spans.at(-1)?.end ?? 0) : null;
  if (begins === null || (end !== null && end <= reading.now)) return reachesBack();
  return done({
    start: new Date(begins),
    end: end === null ? null : new Date(end),
    recurrence: { ...recurs, dayBeginsMs },
  });
}

/**
 * From when on it holds: what begins today begins now, and the beginning of a lock that stands may stay. `null`: it reaches back,
 * and what was allowed would look as if it had not been.
 */
function beginning(start: number, grace: number, { now, old }: Reading): number | null {
  const stood = old?.start.getTime();
  if (stood !== undefined && stood <= now && start <= now && Math.abs(start - stood) <= grace) return stood;
  if (start < now - grace) return null;
  return Math.max(start, now);
}

function reachesBack(): Outcome<never> {
  return refuse('invalid', 'expected a lock that begins from now on, got one that lies in the past');
}
