import { copiesIn, restoreCopies, resumeCopies, waitsFor } from '../../store/calendar-copies.ts';
import { clock } from '../../store/clock.ts';
import { transact } from '../../store/database.ts';
import { insertEffect } from '../../store/outbox.ts';
import type { AppContext } from '../context.ts';
import { digestOf } from '../digest.ts';
import type { Connection, Taken } from '../ports/connection.ts';
import { writeAnew } from './keep-event.ts';

const TOPIC = 'calendar-look';

/** Has it looked whether the collection still says what was written there; once, where that waits already. */
export async function askForLook(context: AppContext): Promise<void> {
  for (const { name: connection, offers } of context.connections.all) {
    const place = offers.calendar?.place;
    if (place === undefined || (await waitsFor(context.db, connection, TOPIC))) continue;
    await transact(context.db, async (tx) => {
      const key = `${TOPIC}:${digestOf(context, place).slice(-32)}:${await clock(tx)}`;
      await insertEffect(tx, { key, topic: TOPIC, payload: { place }, connection, about: 'calendar/all' });
    });
  }
}

/**
 * Compares the whole of what was written with what stands there, and has written anew what somebody else changed or took out. That the other
 * server answers brings back what waited for that, or was given up.
 */
export async function lookAtCalendar(
  context: AppContext,
  { name: connection, offers: { calendar } }: Connection,
  place: string,
  signal: AbortSignal,
): Promise<Taken> {
  if (calendar?.place !== place) return { kind: 'taken', receipt: null };
  const inStep = (await copiesIn(context.db, place)).flatMap(({ uid, wanted, written, tag }) =>
    wanted !== null && wanted === written && tag !== null ? [{ uid, tag }] : [],
  );
  const seen = await calendar.look(
    inStep.map(({ uid }) => uid),
    signal,
  );
  if (seen.kind !== 'seen') return seen;
  const other = inStep.filter(({ uid, tag }) => seen.found.get(uid) !== tag);
  await transact(context.db, async (tx) => {
    const due = [...(await restoreCopies(tx, place, other)), ...(await resumeCopies(tx, connection, place))];
    await writeAnew(tx, context, { connection, place }, due);
  });
  return { kind: 'taken', receipt: `${inStep.length} events, ${other.length} changed` };
}
