import type { Cover, NewCover } from '../../contract/rota-covers.ts';
import { without } from '../../kernel/calendar/overlay.ts';
import { clock } from '../../store/clock.ts';
import type { Queries, Transaction } from '../../store/database.ts';
import { entriesFrom, findEntry, insertEntry, retireEntry, type EntryRow } from '../../store/rota-entries.ts';
import { lockRota, transactionInstant, type ShiftRow } from '../../store/rota.ts';
import type { Call } from '../actor.ts';
import { carryOut, carryOutValue, type Recorded } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { digestOf } from '../digest.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import { layRota } from './lay.ts';
import { peopleWhoAnswer } from './people.ts';

/** Has somebody cover a part of a rota, whatever is planned there; what covered it before covers the rest of its time. */
export async function overrideRota(
  context: AppContext,
  call: Call,
  wanted: NewCover,
): Promise<Outcome<Cover>> {
  const deed = { type: 'rota.overridden', action: 'override-rota', object: `rota/${wanted.rota}` };
  return carryOutValue(context, call, deed, async (tx) => {
    await lockRota(tx);
    const now = await transactionInstant(tx);
    if (!(await peopleWhoAnswer(tx)).has(wanted.person))
      return refuse('invalid', `expected a person with an account, got \`${wanted.person}\``);
    if (wanted.end <= now.getTime())
      return refuse('invalid', 'expected an end that lies ahead: what is past stays as it was');
    const shift = {
      rota: wanted.rota,
      person: wanted.person,
      start: new Date(Math.max(wanted.start, now.getTime())),
      end: new Date(wanted.end),
    };
    const value = await layCover(tx, context, shift, { now, by: call.actor.person });
    return done({
      value,
      reason: `${value.person} covers ${value.start} to ${value.end}`,
      after: digestOf(context, value),
    });
  });
}

/** Ends what covers a part of a rota: from now on it is as planned. */
export async function endOverride(
  context: AppContext,
  call: Call,
  id: string,
): Promise<Outcome<Recorded<Cover>>> {
  const deed = { type: 'rota.override-ended', action: 'end-override', object: `rota-override/${id}` };
  return carryOut(context, call, deed, async (tx) => {
    await lockRota(tx);
    const now = await transactionInstant(tx);
    const entry = await findEntry(tx, BigInt(id));
    if (entry?.layer !== 'cover' || entry.end <= now)
      return refuse('not_found', `expected an override that lasts, got \`${id}\``);
    await retireEntry(tx, entry.id, call.actor.person);
    await layRota(tx, context, entry.rota, { now, by: call.actor.person });
    return done({ value: coverView(entry), reason: `as planned again from now on: ${entry.rota}` });
  });
}

/** What covers parts of the rotas, from now on. */
export async function readCovers(db: Queries): Promise<Cover[]> {
  return (await entriesFrom(db, new Date(await clock(db)), { layer: 'cover' })).map(coverView);
}

/** Lays one cover over a rota that is held; the parts of former covers outside it stay. */
export async function layCover(
  tx: Transaction,
  context: AppContext,
  shift: ShiftRow,
  laying: { readonly now: Date; readonly by: string },
): Promise<Cover> {
  const covers = await entriesFrom(tx, shift.start, { rota: shift.rota, layer: 'cover' });
  for (const former of covers.filter(({ start }) => start < shift.end)) {
    await retireEntry(tx, former.id, laying.by);
    for (const rest of without(spanOf(former), [spanOf(shift)])) {
      const { rota, person, source } = former;
      const kept = { rota, person, source, start: new Date(rest.start), end: new Date(rest.end) };
      await insertEntry(tx, 'cover', kept, former.set_by);
    }
  }
  const id = await insertEntry(tx, 'cover', { ...shift, source: null }, laying.by);
  await layRota(tx, context, shift.rota, laying);
  return coverView({ ...shift, id, set_by: laying.by, set_at: laying.now });
}

function spanOf({ person, start, end }: ShiftRow) {
  return { person, start: start.getTime(), end: end.getTime() };
}

function coverView(entry: Omit<EntryRow, 'layer' | 'source'>): Cover {
  return {
    id: entry.id.toString(),
    rota: entry.rota,
    person: entry.person,
    start: entry.start.toISOString(),
    end: entry.end.toISOString(),
    setBy: entry.set_by,
    setAt: entry.set_at.toISOString(),
  };
}
