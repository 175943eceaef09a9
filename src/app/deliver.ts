import { effect, type EffectOf } from '../contract/effects.ts';
import { deliverAnnouncement } from '../store/announcements.ts';
import { transact, type Transaction } from '../store/database.ts';
import { insertMessage } from '../store/messages.ts';
import { markDelivered, putOff, takeDueEffect } from '../store/outbox.ts';
import { keepOrUndo } from '../store/savepoint.ts';
import { systemCall } from './actor.ts';
import { entryBase, record } from './carry-out.ts';
import type { AppContext } from './context.ts';

/** Most effects delivered in one go, so that a full outbox does not keep a caller for ever. */
const AT_ONCE = 100;

/** Delivers what is due, the oldest first, each in a transaction of its own. Gives how many were delivered. */
export async function deliverDue(context: AppContext): Promise<number> {
  let delivered = 0;
  for (let taken = 0; taken < AT_ONCE; taken += 1) {
    const outcome = await deliverNext(context);
    if (outcome === 'none') break;
    if (outcome === 'delivered') delivered += 1;
  }
  return delivered;
}

async function deliverNext(context: AppContext): Promise<'none' | 'delivered' | 'failed'> {
  return transact(context.db, async (tx) => {
    const row = await takeDueEffect(tx);
    if (!row) return 'none';
    const why = await keepOrUndo(
      tx,
      () => attempt(tx, context, row),
      (failed) => failed === null,
    );
    if (why === null) {
      await markDelivered(tx, row.id);
      return 'delivered';
    }
    context.log.warn({ effect: row.key, attempts: row.attempts + 1 }, `not delivered: ${why}`);
    await putOff(tx, row.id, why);
    return 'failed';
  });
}

/** `null` when it was made; else why not. An error of the database itself ends the transaction. */
async function attempt(
  tx: Transaction,
  context: AppContext,
  row: { topic: string; payload: unknown },
): Promise<string | null> {
  const read = effect.safeParse({ topic: row.topic, payload: row.payload });
  if (!read.success) return `expected an effect of a known topic, got \`${row.topic}\``;
  switch (read.data.topic) {
    case 'announce':
      return announce(tx, context, read.data);
    case 'say':
      return say(tx, context, read.data);
    case 'tell':
      return tell(tx, context, read.data);
  }
}

/** The built-in channel stands in the database; its message is the receipt. */
async function announce(
  tx: Transaction,
  context: AppContext,
  { payload }: EffectOf<'announce'>,
): Promise<string | null> {
  const { chat } = context.policy.file.connections;
  if (chat !== 'builtin')
    return `expected a channel that is built in, got \`${chat}\`, which is not connected`;
  const { announcement, changeId, digest, body } = payload;
  const receipt = await insertMessage(tx, {
    place: 'channel',
    change_id: changeId,
    person: 'interlock',
    body,
  });
  await deliverAnnouncement(tx, BigInt(announcement), receipt);
  await record(tx, {
    ...entryBase(context, systemCall('outbox')),
    type: 'change.announced',
    action: 'announce',
    object: `change/${changeId}`,
    outcome: 'allow',
    reason: 'start announced in the production channel',
    before: null,
    after: null,
    digests: { plan: digest },
    details: { receipt: receipt.toString() },
  });
  return null;
}

/** Says something in the built-in channel that is about no request. */
async function say(
  tx: Transaction,
  context: AppContext,
  { payload }: EffectOf<'say'>,
): Promise<string | null> {
  const { chat } = context.policy.file.connections;
  if (chat !== 'builtin')
    return `expected a channel that is built in, got \`${chat}\`, which is not connected`;
  await insertMessage(tx, { place: 'channel', change_id: null, person: 'interlock', body: payload.body });
  return null;
}

/** Says in the built-in channel what the people on duty have to know of a run. */
async function tell(
  tx: Transaction,
  context: AppContext,
  { payload }: EffectOf<'tell'>,
): Promise<string | null> {
  const { chat } = context.policy.file.connections;
  if (chat !== 'builtin')
    return `expected a channel that is built in, got \`${chat}\`, which is not connected`;
  const { run, changeId, to, because } = payload;
  const whom = to.map((one) => one.toUpperCase()).join(' and ');
  const body = `For ${whom}: ${run} of ${changeId} is held. ${because}`;
  await insertMessage(tx, { place: 'channel', change_id: changeId, person: 'interlock', body });
  return null;
}
