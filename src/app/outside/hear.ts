import { transact } from '../../store/database.ts';
import { clock } from '../../store/clock.ts';
import { insertDelivery } from '../../store/heard-deliveries.ts';
import { insertEffect } from '../../store/outbox.ts';
import { HEARD } from '../../store/outbox-sending.ts';
import type { AppContext } from '../context.ts';
import { digestOf } from '../digest.ts';
import type { Connection, RawRequest, Told } from '../ports/connection.ts';

/** What whoever told us is answered. */
export type Heard =
  | { readonly kind: 'unverified' }
  | { readonly kind: 'answered'; readonly contentType: string; readonly body: string }
  | {
      readonly kind: 'heard';
      readonly heard: 'new' | 'before';
      readonly answer?: { readonly contentType: string; readonly body: string };
    };

/** A name longer than that is kept by its digest. */
const LONGEST_NAME = 300;

/**
 * Takes what a peer tells us, by its bytes. Who sent it is looked at before anybody reads it; then it is kept, once, with what follows
 * from it, and answered: that is done afterwards, from the outbox, so that no peer waits for it and nothing is lost.
 */
export async function hear(
  context: AppContext,
  name: string,
  request: Omit<RawRequest, 'receivedAtMs'>,
): Promise<Heard> {
  const connection = context.connections.all.find((one) => one.name === name);
  // A name that nobody has and a wrong signature are answered alike.
  if (!connection?.hears) return { kind: 'unverified' };
  const received = connection.hears({ ...request, receivedAtMs: await clock(context.db) });
  if (received.kind !== 'heard') return received;
  return keepHeard(context, name, received);
}

/** Keeps what a peer told, whichever way it came. */
export async function keepHeard(
  context: AppContext,
  name: string,
  received: Told,
): Promise<Extract<Heard, { kind: 'heard' }>> {
  const { answer } = received;
  const delivery =
    received.delivery.length <= LONGEST_NAME ? received.delivery : digestOf(context, received.delivery);
  return transact(context.db, async (tx) => {
    if (!(await insertDelivery(tx, name, delivery)))
      return { kind: 'heard', heard: 'before', ...(answer && { answer }) };
    for (const [index, event] of received.events.entries()) {
      const key = `heard:${name}:${delivery}:${index}`;
      await insertEffect(tx, { key, topic: HEARD, payload: event, connection: name });
    }
    return { kind: 'heard', heard: 'new', ...(answer && { answer }) };
  });
}

/** Hears every peer that tells over a connection of ours, until each is stopped. */
export function listenToPeers(context: AppContext): { stop(): Promise<void> }[] {
  return context.connections.all.flatMap((connection) => listenTo(context, connection) ?? []);
}

function listenTo(context: AppContext, { name, listens }: Connection) {
  return listens?.(
    async (read) => keepHeard(context, name, read(await clock(context.db))),
    (because) =>
      context.log.warn(
        { connection: name, because: context.connections.mask(because) },
        'not heard; it will be tried again',
      ),
  );
}
