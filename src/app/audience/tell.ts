import type { AudienceName } from '../../contract/updates.ts';
import { PUBLIC_AUDIENCE, type AudienceRoute, type OwnWay } from '../../contract/integrations/audiences.ts';
import { insertUpdate, type NewUpdate } from '../../store/change-updates.ts';
import type { Transaction } from '../../store/database.ts';
import { insertMessage } from '../../store/messages.ts';
import { insertEffect } from '../../store/outbox.ts';
import type { AppContext } from '../context.ts';
import { subjectOf, type ToldChange } from './words.ts';

/** A word to one audience of a request. */
export interface AudienceWord extends Pick<NewUpdate, 'body' | 'by' | 'what' | 'occasion'> {
  readonly change: ToldChange;
  readonly audience: AudienceName;
  readonly slot: { readonly start: Date; readonly end: Date } | null;
  /** What is told on a way of its own instead; a person's word is the same on all. */
  readonly own?: Readonly<Record<OwnWay, string>>;
}

type Reaching = Pick<AppContext, 'policy' | 'audiences' | 'connections'>;

/** Whether words to an audience go anywhere by themselves. */
export function isReached({ audiences }: Pick<AppContext, 'audiences'>, audience: AudienceName): boolean {
  const route = audiences.routes[audience];
  const page = audience === PUBLIC_AUDIENCE && audiences.status !== null;
  return (
    audience === 'change-channel' ||
    page ||
    (route !== undefined && (route.posts || route.mail.length > 0 || hasOwn(route)))
  );
}

function hasOwn({ room, webhook }: AudienceRoute): boolean {
  return room !== undefined || webhook !== undefined;
}

/**
 * Keeps that an audience is told, and has it told on every way that leads to it, in one transaction. On one occasion an audience is told
 * once, and an address once, however many audiences it belongs to. False where it was told before.
 */
export async function tellAudience(tx: Transaction, context: Reaching, word: AudienceWord): Promise<boolean> {
  const { change, audience, body, by, what, occasion, slot } = word;
  const kept = await insertUpdate(tx, change.id, {
    audience,
    body,
    by,
    what,
    occasion,
    slot_start: slot?.start ?? null,
    slot_end: slot?.end ?? null,
  });
  if (kept === null) return false;
  const about = `change/${change.id}`;
  // What a person writes is told as often as they write it.
  const once = `told:${change.id}:${occasion ?? `word-${kept}`}`;
  if (audience === 'change-channel') await sayInChannel(tx, context, word, once);
  const route = context.audiences.routes[audience];
  for (const address of route?.mail ?? []) {
    const payload = { to: [address], subject: subjectOf(change, audience, what), text: body, about };
    await insertEffect(tx, {
      key: `${once}:mail:${address}`,
      topic: 'mail',
      payload,
      connection: 'mail',
      about,
    });
  }
  for (const { name } of route?.posts === true
    ? context.connections.all.filter(({ offers }) => offers.posts)
    : [])
    await insertEffect(tx, {
      key: `${once}:${name}`,
      topic: 'publish',
      payload: { body, about },
      connection: name,
      about,
    });
  await tellOwnPlaces(tx, context, word, once);
  return true;
}

/** By the name of the place: one that several audiences share is told once. */
async function tellOwnPlaces(
  tx: Transaction,
  { connections }: Reaching,
  word: AudienceWord,
  once: string,
): Promise<void> {
  const about = `change/${word.change.id}`;
  for (const { name, offers } of connections.all) {
    const place = offers.audience;
    if (!place?.audiences.includes(word.audience)) continue;
    const payload = { body: place.way === 'room' ? roomText(word) : hookText(word), about };
    await insertEffect(tx, { key: `${once}:${name}`, topic: 'audience', payload, connection: name, about });
  }
}

/** What a person wrote to the company says of which change it is; to the public nobody does. */
function roomText({ change, audience, body, by, own }: AudienceWord): string {
  if (by === null) return own?.room ?? body;
  return audience === PUBLIC_AUDIENCE || body.startsWith(change.id) ? body : `${change.id}: ${body}`;
}

function hookText({ change, audience, what, body, slot, own }: AudienceWord): string {
  return JSON.stringify({
    type: 'audience.told',
    audience,
    what,
    environment: change.environment,
    from: slot?.start.toISOString() ?? null,
    to: slot?.end.toISOString() ?? null,
    text: own?.webhook ?? body,
    ...(audience !== PUBLIC_AUDIENCE && { change: change.id, title: change.title }),
  });
}

/** The server's own word goes as everything that it says there; in our own channel a person's word is theirs, elsewhere it is told whose. */
async function sayInChannel(
  tx: Transaction,
  { policy, connections }: Reaching,
  { change, body, by }: AudienceWord,
  once: string,
): Promise<void> {
  const text = body.startsWith(change.id) ? body : `${change.id}: ${body}`;
  const about = `change/${change.id}`;
  const said = by === null ? text : `${text} (${by})`;
  if (by === null || policy.file.connections.chat !== 'builtin') {
    await insertEffect(tx, { key: `${once}:channel`, topic: 'say', payload: { about, body: said }, about });
    return;
  }
  await insertMessage(tx, { place: 'channel', change_id: change.id, person: by, body: text });
  for (const { name } of connections.all.filter(({ offers }) => offers.chat)) {
    const payload = { about, body: said };
    await insertEffect(tx, { key: `${once}:${name}`, topic: 'chat', payload, connection: name, about });
  }
}
