import type { NewSource, RotaSource } from '../../contract/rota-sources.ts';
import type { RotaName } from '../../contract/people.ts';
import type { Queries } from '../../store/database.ts';
import { retireImported } from '../../store/rota-entries.ts';
import {
  insertSource,
  removeSource,
  sourceOf,
  sourcesInForce,
  type SourceRow,
} from '../../store/rota-sources.ts';
import { lockRota, transactionInstant } from '../../store/rota.ts';
import type { Call } from '../actor.ts';
import { carryOut } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { digestOf } from '../digest.ts';
import { done, refuse, type Outcome, type Refused } from '../outcome.ts';
import { importRota } from './import.ts';
import { cutWhereLapsed, layRota } from './lay.ts';
import { peopleWhoAnswer } from './people.ts';
import { schedulesOf } from './read-source.ts';

/** Has an address or a schedule of a peer set a rota from now on, in the place of a former one, and reads it at once. */
export async function addSource(
  context: AppContext,
  call: Call,
  rota: RotaName,
  wanted: NewSource,
): Promise<Outcome<RotaSource>> {
  const deed = { type: 'rota.source-added', action: 'add-rota-source', object: `rota/${rota}` };
  const { people } = wanted;
  const place = placeOf(wanted);
  const outcome = await carryOut(context, call, deed, async (tx) => {
    const why = whyNotFrom(context, place);
    if (why !== null) return refuse('invalid', why);
    await lockRota(tx);
    const known = await peopleWhoAnswer(tx);
    const stranger = people.find(({ person }) => !known.has(person));
    if (stranger) return refuse('invalid', `expected a person with an account, got \`${stranger.person}\``);
    const former = await sourceOf(tx, rota);
    if (former) await removeSource(tx, former.id, call.actor.person);
    const id = await insertSource(tx, { rota, ...place, people, by: call.actor.person });
    return done({
      value: id,
      reason: `set by ${place.connection ?? 'a calendar'} from its next import on: ${rota}`,
      // Of the address only its digest: it may be its own secret.
      after: digestOf(context, { ...place, people }),
    });
  });
  return outcome.ok ? importSource(context, rota) : outcome;
}

type Place = Pick<SourceRow, 'url' | 'format' | 'connection' | 'schedule' | 'zone'>;

function placeOf(wanted: NewSource): Place {
  if ('connection' in wanted) {
    const { connection, schedule } = wanted;
    return { url: null, format: 'timeline', connection, schedule, zone: null };
  }
  const { url, format, zone = null } = wanted;
  return { url, format, connection: null, schedule: null, zone };
}

function whyNotFrom(context: AppContext, { url, connection, zone }: Place): string | null {
  if (url !== null) return context.outside.whyNot(url) ?? unknownZone(zone);
  const name = connection ?? '';
  return schedulesOf(context, name) === null
    ? `expected a peer of integrations.yaml that has schedules, got \`${name}\``
    : null;
}

/** Reads the calendar of a rota now. What came of it stands in the answer. */
export async function importSource(context: AppContext, rota: RotaName): Promise<Outcome<RotaSource>> {
  await importRota(context, rota);
  return readSource(context.db, rota);
}

/** Ends that a calendar sets a rota. What it said is no longer relied on, so nobody is on call until somebody is set. */
export async function endSource(
  context: AppContext,
  call: Call,
  rota: RotaName,
): Promise<Outcome<RotaSource>> {
  const deed = { type: 'rota.source-removed', action: 'remove-rota-source', object: `rota/${rota}` };
  const outcome = await carryOut(context, call, deed, async (tx) => {
    await lockRota(tx);
    const row = await sourceOf(tx, rota);
    if (!row) return noSource(rota);
    const laying = { now: await transactionInstant(tx), by: call.actor.person };
    await cutWhereLapsed(tx, row);
    await removeSource(tx, row.id, laying.by);
    await retireImported(tx, rota, laying.now, laying.by);
    await layRota(tx, context, rota, laying);
    return done({ value: sourceView(row), reason: `no longer set by a calendar: ${rota}` });
  });
  return outcome.ok ? done(outcome.value.value) : outcome;
}

/** The calendar that sets a rota. */
export async function readSource(db: Queries, rota: RotaName): Promise<Outcome<RotaSource>> {
  const row = await sourceOf(db, rota);
  return row ? done(sourceView(row)) : noSource(rota);
}

/** The calendars that set rotas, and how fresh each is. */
export async function readSources(db: Queries): Promise<RotaSource[]> {
  return (await sourcesInForce(db)).map(sourceView);
}

function noSource(rota: RotaName): Refused {
  return refuse('not_found', `expected a calendar that sets \`${rota}\`, got none`);
}

function unknownZone(zone: string | null): string | null {
  try {
    if (zone !== null) Intl.DateTimeFormat('en', { timeZone: zone });
    return null;
  } catch {
    return `expected a time zone such as \`Europe/Berlin\`, got \`${zone}\``;
  }
}

export function sourceView(row: SourceRow): RotaSource {
  return {
    rota: row.rota,
    host: row.url === null ? (row.connection ?? '') : new URL(row.url).host,
    format: row.format,
    connection: row.connection,
    schedule: row.schedule,
    people: [...row.people],
    zone: row.zone,
    addedBy: row.added_by,
    addedAt: row.added_at.toISOString(),
    triedAt: row.tried_at?.toISOString() ?? null,
    failure: row.failure,
    goodAt: row.good_at?.toISOString() ?? null,
    goodUntil: row.good_until?.toISOString() ?? null,
    lapsed: row.lapsed,
    overrides: [...row.overrides],
    unmapped: [...row.unmapped],
  };
}
