import { transact } from '../../store/database.ts';
import { insertDelivery } from '../../store/heard-deliveries.ts';
import { insertEffect } from '../../store/outbox.ts';
import { HEARD } from '../../store/outbox-sending.ts';
import type { AppContext } from '../context.ts';
import { digestOf } from '../digest.ts';
import type { Answer, Told } from '../ports/connection.ts';

/** What whoever told us is answered. */
export type Heard =
  | { readonly kind: 'unverified' }
  | ({ readonly kind: 'answered' } & Answer)
  | {
      readonly kind: 'heard';
      readonly heard: 'new' | 'before';
      readonly answer?: Answer;
    };

/** A name longer than that is kept by its digest. */
const LONGEST_NAME = 300;

/** Keeps what a peer told, whichever way it came. */
export async function keepHeard(
  context: AppContext,
  name: string,
  received: Pick<Extract<Told, { kind: 'heard' }>, 'delivery' | 'events' | 'answer'>,
  over?: AbortSignal,
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
    // Whoever told it was told by now that it is not kept.
    over?.throwIfAborted();
    return { kind: 'heard', heard: 'new', ...(answer && { answer }) };
  });
}
