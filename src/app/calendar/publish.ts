import { rotaName, type RotaName } from '../../contract/people.ts';
import { feedOpens } from '../../store/calendar-feeds.ts';
import { clock } from '../../store/clock.ts';
import { transact, type Transaction } from '../../store/database.ts';
import { locksOnceTouching } from '../../store/locks.ts';
import { publishedShifts, type PublishedShift } from '../../store/published-shifts.ts';
import { publishedSlots, type SlotRow } from '../../store/slots.ts';
import type { AppContext } from '../context.ts';
import type { PublishedCalendar, PublishedEvent } from '../ports/calendar-text.ts';
import { secretHash } from '../secrets.ts';
import { lockEvents } from './lock-events.ts';
import { policyLocks } from './locks.ts';

const DAY_MS = 86_400_000;
const BACK_MS = 30 * DAY_MS;
const AHEAD_MS = 400 * DAY_MS;
const REFRESH_MS = 15 * 60_000;

/** What a calendar that others read holds. */
interface Contents {
  readonly name: string;
  readonly slots: boolean;
  readonly locks: boolean;
  readonly rotas: readonly RotaName[];
  /** One environment alone. */
  readonly environment: string | null;
}

const EVERYTHING: Contents = {
  name: 'Production',
  slots: true,
  locks: true,
  rotas: rotaName.options,
  environment: null,
};

/** Where a reader of a feed finds the pages, and which calendar it wants. */
export interface FeedQuestion {
  readonly secret: string;
  readonly file: string;
  /** `https://host`, as the reader knows it. */
  readonly origin: string;
}

/** The text of a calendar; `null` where the secret opens nothing or there is no such calendar, which look alike. */
export async function publishCalendar(
  context: AppContext,
  { secret, file, origin }: FeedQuestion,
): Promise<string | null> {
  const hash = secretHash('calendar', secret);
  const contents = contentsOf(context, file);
  if (hash === null || contents === null) return null;
  return transact(
    context.db,
    async (tx) => {
      if (!(await feedOpens(tx, hash))) return null;
      return context.calendarText(await calendarOf(tx, context, contents, origin));
    },
    { isolation: 'repeatable read', readOnly: true },
  );
}

function contentsOf({ policy: { policy } }: AppContext, file: string): Contents | null {
  const name = /^(.+)\.ics$/.exec(file)?.[1];
  if (name === undefined) return null;
  const nothing = { slots: false, locks: false, rotas: [], environment: null };
  const rota = rotaName.safeParse(name);
  if (rota.success) return { ...nothing, name: `${name.toUpperCase()} on call`, rotas: [rota.data] };
  if (name === 'locks') return { ...nothing, name: 'Production locks', locks: true };
  if (name === 'all') return EVERYTHING;
  const environment = /^environment-(.+)$/.exec(name)?.[1];
  return environment !== undefined && policy.environments.has(environment)
    ? { ...nothing, name: `Production: ${environment}`, slots: true, locks: true, environment }
    : null;
}

/** All that the calendar of all holds, as its readers see it. */
export async function wholeCalendar(
  tx: Transaction,
  context: Pick<AppContext, 'policy'>,
  origin: string | null,
): Promise<readonly PublishedEvent[]> {
  return (await calendarOf(tx, context, EVERYTHING, origin)).events;
}

async function calendarOf(
  tx: Transaction,
  { policy: { policy } }: Pick<AppContext, 'policy'>,
  { name, slots, locks, rotas, environment }: Contents,
  origin: string | null,
): Promise<PublishedCalendar> {
  const now = await clock(tx);
  const window = {
    from: new Date(now - BACK_MS),
    to: new Date(now + AHEAD_MS),
    since: new Date(now - BACK_MS),
  };
  const span = {
    from: window.from.getTime(),
    to: window.to.getTime(),
    environment: environment ?? undefined,
  };
  const events: PublishedEvent[] = [];
  if (slots) {
    const rows = await publishedSlots(tx, { ...window, environment });
    events.push(...rows.map((row) => slotEvent(row, origin)));
  }
  if (locks) {
    const rows = await locksOnceTouching(tx, { ...window, releasedSince: window.since });
    const within = { start: span.from, end: span.to, backMs: BACK_MS, aheadMs: AHEAD_MS, environment };
    events.push(...policyLocks(policy, span).map(policyLockEvent), ...lockEvents(rows, within));
  }
  for (const rota of rotas) {
    events.push(...(await publishedShifts(tx, { ...window, rota })).map(shiftEvent));
  }
  return { name, refreshMs: REFRESH_MS, events };
}

/** Nothing but what the calendar is for: id, title, time, environment, link. Every act on a request makes its version grow. */
function slotEvent(row: SlotRow, origin: string | null): PublishedEvent {
  const given = row.held && row.state !== 'rejected' && row.state !== 'cancelled';
  return {
    uid: `${row.id}@interlock`,
    sequence: Number(row.version),
    changedAt: row.changed_at.getTime(),
    start: row.start.getTime(),
    end: row.end.getTime(),
    title: `${row.id} (${row.criticality}) ${row.title}`,
    place: row.environment,
    url: origin === null ? null : `${origin}/changes/${row.id}`,
    status: !given ? 'cancelled' : row.state === 'unscheduled' ? 'tentative' : 'confirmed',
    busy: true,
  };
}

/** A lock of the policy never changes: one that moves is another. */
function policyLockEvent(lock: ReturnType<typeof policyLocks>[number]): PublishedEvent {
  const start = Date.parse(lock.start);
  return {
    uid: `lock-${lock.id}-${lock.kind}-${start}@interlock`,
    sequence: 0,
    changedAt: start - AHEAD_MS,
    start,
    end: Date.parse(lock.end),
    title: lock.releaseDay ? 'release day' : `${lock.kind} lock ${lock.id}`,
    place: lock.environments.join(', '),
    url: null,
    status: 'confirmed',
    busy: false,
  };
}

/**
 * The shift that begins at an instant is one event, whoever has it: numbers of rows only grow, so a later one has the higher
 * sequence, and being gone is later than being there.
 */
function shiftEvent(row: PublishedShift): PublishedEvent {
  return {
    uid: `shift-${row.rota}-${row.start.getTime()}@interlock`,
    sequence: Number(row.id) * 2 + (row.cancelled ? 1 : 0),
    changedAt: row.changed_at.getTime(),
    start: row.start.getTime(),
    end: row.end.getTime(),
    title: `${row.rota.toUpperCase()}: ${row.person}`,
    place: null,
    url: null,
    status: row.cancelled ? 'cancelled' : 'confirmed',
    busy: false,
  };
}
