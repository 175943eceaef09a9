import type { RotaName } from '../../contract/people.ts';
import { newestAnswers } from '../../store/peer-answers.ts';
import { clock } from '../../store/clock.ts';
import { transact, type Transaction } from '../../store/database.ts';
import { entriesFrom, insertEntry, retirePlan } from '../../store/rota-entries.ts';
import {
  noteAnswer,
  noteFailure,
  sourceOf,
  sourcesInForce,
  type SourceRow,
} from '../../store/rota-sources.ts';
import { lockRota, transactionInstant } from '../../store/rota.ts';
import { systemCall } from '../actor.ts';
import { entryBase, record } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { digestOf } from '../digest.ts';
import { tellPeople } from '../notice/tell.ts';
import type { ShiftCalendarAnswer } from '../ports/shift-calendar.ts';
import { cutWhereLapsed, layRota } from './lay.ts';
import { mapEvents, type Mapped } from './map-events.ts';
import { peopleWhoAnswer } from './people.ts';
import { readSource, SourceUnread } from './read-source.ts';

/** Imports every rota that an address sets; one that fails keeps nobody from the others. Peers are asked more often (`ask-peers.ts`). */
export async function importRotas(context: AppContext): Promise<void> {
  for (const { rota, connection } of await sourcesInForce(context.db))
    if (connection === null) await importRota(context, rota);
}

/** How an import went. */
export interface Imported {
  readonly ok: boolean;
  /** How long the peer wants to be left alone. */
  readonly restMs: number | null;
}

/**
 * Reads the calendar of a rota and lays the rota by it. One that cannot be read changes nothing: what was imported last stands as
 * long as the policy lets it, then nobody is on call by it.
 */
export async function importRota(context: AppContext, rota: RotaName): Promise<Imported> {
  const source = await sourceOf(context.db, rota);
  if (!source) return { ok: true, restMs: null };
  const now = await clock(context.db);
  try {
    const answer = await readSource(context, source, now);
    await withSource(context, source, (tx) => lay(tx, context, source, { answer, askedAtMs: now }));
    return { ok: true, restMs: null };
  } catch (error) {
    const failure = (error instanceof Error ? error.message : String(error)).slice(0, 500);
    const lapses = error instanceof SourceUnread && error.lapses;
    await withSource(context, source, (tx) => fail(tx, context, source, { failure, lapses }));
    return { ok: false, restMs: error instanceof SourceUnread ? error.restMs : null };
  }
}

/** Works on a source with the rotas held, unless it was removed while it was read. */
async function withSource(
  context: AppContext,
  { id, rota }: SourceRow,
  work: (tx: Transaction) => Promise<void>,
): Promise<void> {
  await transact(context.db, async (tx) => {
    await lockRota(tx);
    const still = await sourceOf(tx, rota);
    if (still?.id === id) await work(tx);
  });
}

async function lay(
  tx: Transaction,
  context: AppContext,
  source: SourceRow,
  { answer, askedAtMs }: { readonly answer: ShiftCalendarAnswer | null; readonly askedAtMs: number },
): Promise<void> {
  const { id, rota, connection } = source;
  // One that was asked later may have been laid already: an answer never takes the place of a newer one.
  if (connection !== null && (await askedSince(tx, { connection, rota, askedAtMs }))) return;
  const now = await transactionInstant(tx);
  await cutWhereLapsed(tx, source);
  const { rotaSourceAge, peerAnswerAge } = context.policy.file.limits;
  const validForMs = connection === null ? rotaSourceAge : peerAnswerAge;
  const mapped =
    answer && mapEvents(answer.events, { table: source.people, people: await peopleWhoAnswer(tx) });
  if (answer && mapped) {
    const { etag, modified } = answer;
    const { unmapped, overrides } = mapped;
    await noteAnswer(tx, id, { validForMs, read: { etag, modified, unmapped, overrides } });
    await replacePlan(tx, context, source, { now, mapped });
  } else {
    await noteAnswer(tx, id, { validForMs });
  }
  await layRota(tx, context, rota, { now, by: 'system' });
}

async function askedSince(
  tx: Transaction,
  { connection, rota, askedAtMs }: { connection: string; rota: RotaName; askedAtMs: number },
): Promise<boolean> {
  const { heard } = await newestAnswers(tx, connection, rota);
  return heard !== null && heard.asked_at.getTime() > askedAtMs;
}

async function replacePlan(
  tx: Transaction,
  context: AppContext,
  { id, rota }: SourceRow,
  { now, mapped }: { readonly now: Date; readonly mapped: Mapped },
): Promise<void> {
  const wanted = mapped.shifts.flatMap(({ person, start, end }) =>
    end > now.getTime() ? [{ person, start: Math.max(start, now.getTime()), end, source: id }] : [],
  );
  const planned = (await entriesFrom(tx, now, { rota, layer: 'plan' })).map((entry) => ({
    person: entry.person,
    start: Math.max(entry.start.getTime(), now.getTime()),
    end: entry.end.getTime(),
    source: entry.source,
  }));
  // Compared as text: whole entries, in order.
  if (JSON.stringify(planned, plain) === JSON.stringify(wanted, plain)) return;
  await retirePlan(tx, rota, now, 'system');
  for (const { person, start, end } of wanted) {
    const shift = { rota, person, start: new Date(start), end: new Date(end), source: id };
    await insertEntry(tx, 'plan', shift, 'system');
  }
  const shown = mapped.shifts.map(({ person, start, end }) => ({ person, start, end }));
  await record(tx, {
    ...entryBase(context, systemCall('rota-import')),
    type: 'rota.imported',
    action: 'import-rota',
    object: `rota/${rota}`,
    outcome: 'allow',
    reason: `${wanted.length} shifts imported, ${mapped.unmapped.length} events name nobody`,
    before: null,
    after: digestOf(context, shown),
  });
}

function plain(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}

/** The first failure after a success is recorded and told; the others are the same one. */
async function fail(
  tx: Transaction,
  context: AppContext,
  source: SourceRow,
  { failure, lapses }: { readonly failure: string; readonly lapses: boolean },
): Promise<void> {
  const { id, rota, added_by, good_at, good_until } = source;
  await noteFailure(tx, id, { failure, lapses });
  const told = await tellPeople(tx, {
    to: [added_by],
    key: `rota-source:${id}:${good_at?.getTime() ?? 'never'}`,
    kind: 'rota-source-fails',
    about: `rota/${rota}`,
    body: `The source of the ${rota.toUpperCase()} rota cannot be read: ${failure}. ${whatStands(good_until, lapses)}`,
  });
  if (told.length === 0) return;
  await record(tx, {
    ...entryBase(context, systemCall('rota-import')),
    type: 'rota.imported',
    action: 'import-rota',
    object: `rota/${rota}`,
    outcome: 'error',
    reason: 'its source cannot be read',
    before: null,
    after: null,
    digests: { failure: digestOf(context, failure) },
  });
}

function whatStands(until: Date | null, lapses: boolean): string {
  if (until === null) return 'Nothing was imported from it yet.';
  return lapses
    ? 'From now on nobody is on call by it.'
    : `What was imported last stands until ${until.toISOString()}; from then on nobody is on call by it.`;
}
