import { createHash } from 'node:crypto';
import { createObject, deleteObject, updateObject } from 'tsdav';
import type { CalendarCollection, GoneEvent, WantedEvent } from '../../app/ports/calendar-collection.ts';
import type { Connection, Seen, Taken } from '../../app/ports/connection.ts';
import type { CaldavSettings } from '../../contract/integrations/caldav.ts';
import { OutboundError } from '../outbound/request.ts';
import { lied } from '../peer/ask.ts';
import type { Secret } from '../peer/secret.ts';
import { multiGet, NotTaken, placeOf, testPlace, type No, type Place } from './dav.ts';
import { markedText, markOf, readStanding, type StandingEvent } from './text.ts';

/** The Production calendar in one collection of a CalDAV server (RFC 4791), an object an event. */
export function caldavConnection(settings: CaldavSettings, password: Secret): Connection {
  const place = placeOf(settings, password);
  const calendar: CalendarCollection = {
    place: place.url,
    site: settings.site?.replace(/\/+$/, '') ?? null,
    keep: (wanted, signal) => said(() => keep(place, wanted, signal)),
    remove: (gone, signal) => said(() => remove(place, gone, signal)),
    look: (uids, signal) => said(() => look(place, uids, signal)),
  };
  return {
    name: 'caldav',
    peer: place.host,
    offers: { calendar },
    hears: null,
    test: (signal) => said(() => testPlace(place, signal)),
  };
}

/** What was thrown on the way, as whoever retries needs it. */
async function said<T>(ask: () => Promise<T>): Promise<T | No> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof NotTaken) return error.taken;
    const because = error instanceof Error ? error.message : String(error);
    return error instanceof OutboundError && !error.retry
      ? { kind: 'refused', because }
      : { kind: 'later', because, retryAfterMs: null };
  }
}

/**
 * Writes on the condition that what stands there is what we know. Where it is not, it is looked at: our own words, of which we got no answer, are
 * left; those of somebody else are overwritten, on the condition that they are still what was looked at. What does not bear our mark, and
 * was not written by us as far as we know, is not touched.
 */
async function keep(place: Place, { by, event, known }: WantedEvent, signal: AbortSignal): Promise<Taken> {
  const first = markedText(event, by);
  if (await write(place, event.uid, { text: first.text, on: known }, signal))
    return confirm(place, { uid: event.uid, sequence: event.sequence, digest: first.digest }, signal);
  const there = await standing(place, event.uid, signal);
  if (there === null) {
    if (known === null) return changedMeanwhile(place);
    if (!(await write(place, event.uid, { text: first.text, on: null }, signal)))
      return changedMeanwhile(place);
    const made = { uid: event.uid, sequence: event.sequence, digest: first.digest, restored: true };
    return confirm(place, made, signal);
  }
  const { etag, event: stands } = there;
  if (known === null && stands?.by !== markOf(by)) return notOurs(place, event.uid);
  const isOurs = stands?.untouched === true && stands.by === markOf(by);
  if (isOurs && stands.digest === first.digest) return receipt(stands.sequence, etag, false);
  const sequence = Math.max(event.sequence, (stands?.sequence ?? 0) + 1);
  const again = markedText({ ...event, sequence }, by);
  if (!(await write(place, event.uid, { text: again.text, on: etag }, signal)))
    return changedMeanwhile(place);
  return confirm(place, { uid: event.uid, sequence, digest: again.digest, restored: !isOurs }, signal);
}

async function remove(place: Place, { by, uid, known }: GoneEvent, signal: AbortSignal): Promise<Taken> {
  const there = await standing(place, uid, signal);
  if (there === null) return GONE;
  if (known === null && there.event?.by !== markOf(by)) return notOurs(place, uid);
  const { status } = await deleteObject({
    ...place.asking(signal),
    url: urlOf(place, uid),
    etag: there.etag,
  });
  return status === 412 ? changedMeanwhile(place) : GONE;
}

const GONE: Taken = { kind: 'taken', receipt: 'gone' };
/** Few enough that an answer is short. */
const AT_ONCE = 100;

/** Of our own objects alone, by their names: what else is in the collection is not read. */
async function look(
  place: Place,
  uids: readonly string[],
  signal: AbortSignal,
): Promise<Seen<ReadonlyMap<string, string>>> {
  const found = new Map<string, string>();
  for (let from = 0; from < uids.length; from += AT_ONCE) {
    const named = new Map(uids.slice(from, from + AT_ONCE).map((uid) => [nameOf(uid), uid]));
    const answers = await multiGet(place, [...named.keys()], signal);
    const heard = answers.map(({ href, status, props }) => ({
      href: href ?? '',
      status,
      etag: props?.['getetag'] as unknown,
    }));
    for (const { href, status, etag } of heard) {
      const name = href.split('/').at(-1) ?? '';
      const uid = named.get(name);
      if (uid === undefined) continue;
      named.delete(name);
      if (typeof etag === 'string' && etag !== '') found.set(uid, etag);
      else if (status !== 404) return lied(place.host, 'a tag of an event');
    }
    // One of which nothing is said is not known to be gone.
    if (named.size > 0) return lied(place.host, 'a word on every event');
  }
  return { kind: 'seen', found };
}

/** Whether it was written; not where the condition does not hold. */
async function write(
  place: Place,
  uid: string,
  { text, on }: { readonly text: string; readonly on: string | null },
  signal: AbortSignal,
): Promise<boolean> {
  const { fetch, headers } = place.asking(signal);
  const asked = { fetch, url: urlOf(place, uid), data: text };
  const typed = { ...headers, 'content-type': 'text/calendar; charset=utf-8' };
  const { status } =
    on === null
      ? await createObject({ ...asked, headers: { ...typed, 'if-none-match': '*' } })
      : await updateObject({ ...asked, headers: typed, etag: on });
  if (status === 404 && on === null)
    throw new NotTaken({ kind: 'refused', because: `expected a calendar at \`${place.host}\`, got none` });
  return status < 300;
}

interface Written {
  readonly uid: string;
  readonly sequence: number;
  readonly digest: string;
  readonly restored?: boolean;
}

/** The tag of what was written, as the server says it once it stands there: an answer to the writing need not bear it. */
async function confirm(
  place: Place,
  { uid, sequence, digest, restored = false }: Written,
  signal: AbortSignal,
) {
  const there = await standing(place, uid, signal);
  return there?.event?.digest === digest
    ? receipt(sequence, there.etag, restored)
    : lied(place.host, 'what was written');
}

interface Standing {
  readonly etag: string;
  /** `null` where it is no single event. */
  readonly event: StandingEvent | null;
}

async function standing(place: Place, uid: string, signal: AbortSignal): Promise<Standing | null> {
  const { fetch, headers } = place.asking(signal);
  const answer = await fetch(urlOf(place, uid), { method: 'GET', headers });
  if (answer.status === 404) return null;
  const etag = answer.headers.get('etag');
  if (etag === null || !/^(?:W\/)?"[^"\s]*"$/.test(etag))
    throw new NotTaken(lied(place.host, 'a tag of an event'));
  return { etag, event: readStanding(await answer.text()) };
}

function receipt(sequence: number, etag: string, restored: boolean): Taken {
  return { kind: 'taken', receipt: `${sequence} ${etag}${restored ? ' restored' : ''}` };
}

/** Named by the event alone, so that it is found again whatever we remember. */
function nameOf(uid: string): string {
  return `interlock-${createHash('sha256').update(uid).digest('hex').slice(0, 32)}.ics`;
}

const urlOf = (place: Place, uid: string) => new URL(nameOf(uid), place.url).href;

function changedMeanwhile({ host }: Place): Taken {
  const because = `expected nobody else to write to an event on \`${host}\` meanwhile, got somebody who did`;
  return { kind: 'later', because, retryAfterMs: null };
}

function notOurs({ host }: Place, uid: string): Taken {
  const because = `expected a free place for \`${uid.slice(0, 80)}\` on \`${host}\`, got an event that is not ours`;
  return { kind: 'refused', because };
}
