import type { LockView } from '../../../src/contract/locks.ts';

/** What is being written, as its fields have it. */
export interface LockDraft {
  readonly kind: LockView['kind'];
  readonly environments: readonly string[];
  readonly category: LockView['category'];
  readonly reason: string;
  /** `days`: whole days. `hours`: from an instant to another. `again`: days that come again. `once`: now, for a while. */
  readonly when: 'days' | 'hours' | 'again' | 'once';
  /** `2026-12-24`. */
  readonly first: string;
  readonly last: string;
  /** `2026-12-24T09:00`, in UTC. */
  readonly start: string;
  readonly end: string;
  readonly starting: string;
  readonly every: 'week' | 'month' | 'year' | 'rule';
  readonly rule: string;
  readonly days: string;
  readonly timeToLive: string;
}

export const NEW_DRAFT: LockDraft = {
  kind: 'hard',
  environments: [],
  category: 'other',
  reason: '',
  when: 'days',
  first: '',
  last: '',
  start: '',
  end: '',
  starting: '',
  every: 'month',
  rule: 'FREQ=MONTHLY;BYDAY=-1FR',
  days: '1',
  timeToLive: '4 h',
};

const HOUR_MS = 3_600_000;
const DAYS = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'];
/** Without it a lock without its reason written yet would show nothing. */
const NO_REASON = 'not written yet';

/** A lock that stands, as the fields have it. */
export function draftOf(lock: LockView): LockDraft {
  const { kind, environments, category, reason, start, end, recurs } = lock.edit ?? lock;
  const said = { ...NEW_DRAFT, kind, environments, category, reason };
  if (recurs !== null) return { ...said, when: 'again', every: 'rule', ...recurs, days: String(recurs.days) };
  return { ...said, when: 'hours', start: start.slice(0, 16), end: (end ?? '').slice(0, 16) };
}

/** What is still to be said before there is something to look at, or `null`. */
export function lackingWhen(draft: LockDraft): string | null {
  if (draft.environments.length === 0) return 'Say where it holds.';
  const { when, first, last, start, end, starting } = draft;
  if (when === 'days' && (first === '' || last === '')) return 'Say its first and its last day.';
  if (when === 'days' && last < first) return 'Its last day is not before its first.';
  if (when === 'hours' && (start === '' || end === '')) return 'Say when it begins and when it ends.';
  if (when === 'hours' && end <= start) return 'It ends after it begins.';
  if (when === 'again' && starting === '') return 'Say the first day.';
  return null;
}

/** What is still to be said before it can be proposed, or `null`. */
export function lacking(draft: LockDraft): string | null {
  return lackingWhen(draft) ?? (draft.reason.trim() === '' ? 'Say why.' : null);
}

/** What the server is asked of it: to look at, or to make. */
export function wishOf(draft: LockDraft): object {
  const { kind, environments, category, reason } = draft;
  return {
    kind,
    environments,
    category,
    reason: reason.trim() === '' ? NO_REASON : reason.trim(),
    ...whenOf(draft),
  };
}

/** The same for a lock that acts at once, as it would hold if it were made at `now`. */
export function onceWish(draft: LockDraft, now: number): object {
  const hours = Number.parseInt(draft.timeToLive, 10);
  return {
    ...wishOf(draft),
    start: new Date(now).toISOString(),
    end: new Date(now + hours * HOUR_MS).toISOString(),
  };
}

function whenOf(draft: LockDraft): object {
  const { when, first, last, start, end, starting, days } = draft;
  if (when === 'days') return { first, last };
  if (when === 'hours') return { start: `${start}:00Z`, end: `${end}:00Z` };
  if (when === 'again') return { recurs: { starting, rule: ruleOf(draft), days: Number(days) } };
  return {};
}

/** RFC 5545, as the first day has it: every week on its day of the week, every month on its day of the month. */
export function ruleOf({ every, rule, starting }: LockDraft): string {
  const day = new Date(`${starting}T00:00:00Z`);
  if (every === 'rule' || Number.isNaN(day.getTime())) return rule;
  if (every === 'week') return `FREQ=WEEKLY;BYDAY=${DAYS[day.getUTCDay()]}`;
  if (every === 'month') return `FREQ=MONTHLY;BYMONTHDAY=${day.getUTCDate()}`;
  return `FREQ=YEARLY;BYMONTH=${day.getUTCMonth() + 1};BYMONTHDAY=${day.getUTCDate()}`;
}
