import {
  copiesIn,
  findCopy,
  noteCopy,
  notePlace,
  takePlace,
  wantCopies,
  type DueCopy,
} from '../../store/calendar-copies.ts';
import { transact, type Transaction } from '../../store/database.ts';
import { insertEffect } from '../../store/outbox.ts';
import { systemCall } from '../actor.ts';
import { entryBase, record } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { digestOf } from '../digest.ts';
import type { CalendarCollection } from '../ports/calendar-collection.ts';
import type { PublishedEvent } from '../ports/calendar-text.ts';
import type { Connection, Handed, Taken } from '../ports/connection.ts';
import { wholeCalendar } from './publish.ts';

/** What comes into the calendar, or leaves it, with time alone. */
const COMPARED_EVERY_MS = 5 * 60_000;
/** Most events that one look notes: the rest is noted by the next. */
const AT_ONCE = 200;

/** Has events written, and taken out, that are not, or not yet, in the collection as the calendar has them. Gives how many. */
export async function noteCalendar(context: AppContext): Promise<number> {
  let noted = 0;
  for (const connection of context.connections.all) {
    const { calendar } = connection.offers;
    if (calendar) noted += await noteOne(context, connection.name, calendar);
  }
  return noted;
}

async function noteOne(
  context: AppContext,
  connection: string,
  calendar: CalendarCollection,
): Promise<number> {
  const { place, site } = calendar;
  return transact(context.db, async (tx) => {
    const taken = await takePlace(tx, place, COMPARED_EVERY_MS);
    if (!taken) return 0;
    const known = new Map((await copiesIn(tx, place)).map((copy) => [copy.uid, copy.wanted]));
    const events = await wholeCalendar(tx, context, site);
    const wanted = events.map((event) => ({ uid: event.uid, event, wanted: saysOf(context, event) }));
    const there = new Set(events.map(({ uid }) => uid));
    const gone = [...known].flatMap(([uid, before]) =>
      before === null || there.has(uid) ? [] : [{ uid, event: null, wanted: null }],
    );
    const changed = wanted.filter((one) => known.get(one.uid) !== one.wanted);
    const due = await wantCopies(tx, place, [...changed, ...gone].slice(0, AT_ONCE));
    await writeAnew(tx, context, { connection, place }, due);
    if (changed.length + gone.length <= AT_ONCE) await notePlace(tx, place, taken.size);
    return due.length;
  });
}

/** Of what the event says to whoever reads it: one that says the same is not written again because something else about it was recorded. */
function saysOf(context: AppContext, event: PublishedEvent): string {
  return digestOf(context, { ...event, sequence: 0, changedAt: 0 });
}

/** Has these events carried. */
export async function writeAnew(
  tx: Transaction,
  context: Pick<AppContext, 'hash'>,
  { connection, place }: { readonly connection: string; readonly place: string },
  due: readonly DueCopy[],
): Promise<void> {
  for (const { uid, generation } of due) {
    const digits = digestOf(context, [place, uid]).slice(-32);
    const key = `calendar:${digits}:${generation}`;
    const about = `calendar/${uid}`;
    await insertEffect(tx, { key, topic: 'calendar', payload: { place, uid }, connection, about });
  }
}

interface KeptEvent {
  readonly handed: Handed;
  readonly place: string;
  readonly uid: string;
}

/** Brings one event to what is wanted of it now. The receipt says first what was written. */
export async function keepEvent(
  context: AppContext,
  { name, offers: { calendar } }: Connection,
  { handed, place, uid }: KeptEvent,
  signal: AbortSignal,
): Promise<Taken> {
  if (!calendar)
    return { kind: 'refused', because: `expected \`${name}\` to offer calendar, which it does not` };
  const copy = await findCopy(context.db, place, uid);
  // The configuration names another collection by now: nothing is asked of the old one.
  if (!copy || calendar.place !== place) return { kind: 'taken', receipt: null };
  const by = context.ledger.book.key.vkey;
  const { wanted, written, tag: known } = copy;
  if (wanted === null) return withWhat('-', await calendar.remove({ ...handed, by, uid, known }, signal));
  if (written === wanted && known !== null) return { kind: 'taken', receipt: null };
  const event = copy.event as PublishedEvent;
  const sequence = Math.max(event.sequence, copy.sequence === null ? 0 : Number(copy.sequence) + 1);
  return withWhat(
    wanted,
    await calendar.keep({ ...handed, by, known, event: { ...event, sequence } }, signal),
  );
}

function withWhat(what: string, said: Taken): Taken {
  return said.kind === 'taken' ? { ...said, receipt: `${what} ${said.receipt}` } : said;
}

interface Noted {
  readonly connection: string;
  readonly place: string;
  readonly uid: string;
  readonly receipt: string | null;
}

/** Keeps what stands in the collection, by the receipt; that somebody else had changed it is recorded. */
export async function noteEvent(
  tx: Transaction,
  context: Pick<AppContext, 'policy'>,
  { connection, place, uid, receipt }: Noted,
): Promise<void> {
  const [what, sequence, tag, restored] = (receipt ?? '').split(' ');
  if (what === '-') return noteCopy(tx, place, { uid, written: null, tag: null, sequence: null });
  if (!what || !sequence || !tag) return;
  await noteCopy(tx, place, { uid, written: what, tag, sequence: Number(sequence) });
  if (restored === undefined) return;
  await record(tx, {
    ...entryBase(context, systemCall(connection)),
    type: 'calendar.event-restored',
    action: 'restore-event',
    object: `calendar/${uid}`,
    outcome: 'allow',
    reason: 'somebody else changed or took out an event of ours: it is written anew',
    before: null,
    after: null,
    details: { connection },
  });
}
