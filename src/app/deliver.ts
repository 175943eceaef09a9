import { effect, type EffectOf } from '../contract/effects.ts';
import { transact, type Transaction } from '../store/database.ts';
import {
  giveToConnection,
  insertEffect,
  markDelivered,
  putOff,
  takeDueEffect,
  type OutboxRow,
} from '../store/outbox.ts';
import { keepOrUndo } from '../store/savepoint.ts';
import type { AppContext } from './context.ts';
import { aboutOf, bodyOf, isOfChannel, type ChannelEffect } from './outside/chat-text.ts';
import { noteTaken } from './outside/note-taken.ts';

/** Most effects delivered in one go, so that a full outbox does not keep a caller for ever. */
const AT_ONCE = 100;

/**
 * Delivers what is due and is made here, the oldest first, each in a transaction of its own; what a connection has to carry is given
 * to it, and carried outside of any transaction. Gives how many were delivered.
 */
export async function deliverDue(context: AppContext): Promise<number> {
  let delivered = 0;
  for (let taken = 0; taken < AT_ONCE; taken += 1) {
    const outcome = await deliverNext(context);
    if (outcome === 'none') break;
    if (outcome === 'delivered') delivered += 1;
  }
  return delivered;
}

type Made = 'delivered' | 'given' | { readonly because: string };

async function deliverNext(context: AppContext): Promise<'none' | 'delivered' | 'given' | 'failed'> {
  return transact(context.db, async (tx) => {
    const row = await takeDueEffect(tx);
    if (!row) return 'none';
    const made = await keepOrUndo(
      tx,
      () => make(tx, context, row),
      (one) => typeof one === 'string',
    );
    if (made === 'delivered') await markDelivered(tx, row.id);
    if (typeof made === 'string') return made;
    context.log.warn({ effect: row.key, attempts: row.attempts + 1 }, `not delivered: ${made.because}`);
    await putOff(tx, row.id, made.because);
    return 'failed';
  });
}

/** An error of the database itself ends the transaction. */
async function make(tx: Transaction, context: AppContext, row: OutboxRow): Promise<Made> {
  const read = effect.safeParse({ topic: row.topic, payload: row.payload });
  if (!read.success) return { because: `expected an effect of a known topic, got \`${row.topic}\`` };
  return isOfChannel(read.data)
    ? speak(tx, context, { row, what: read.data })
    : { because: `expected \`${row.topic}\` to bear the connection that carries it, got none` };
}

/** Says it in the production channel: in ours, where the message is the receipt, or in the one that the policy names. */
async function speak(
  tx: Transaction,
  context: AppContext,
  { row, what }: { readonly row: OutboxRow; readonly what: ChannelEffect },
): Promise<Made> {
  const { chat } = context.policy.file.connections;
  if (chat === 'builtin') {
    await hearAlong(tx, context, { row, what });
    await noteTaken(tx, context, { connection: chat, what, receipt: null });
    return 'delivered';
  }
  const there = context.connections.all.some(({ name, offers }) => name === chat && offers.chat);
  if (!there)
    return {
      because: `expected a channel that is connected, got \`${chat}\`, which \`integrations.yaml\` does not name`,
    };
  await hearAlong(tx, context, { row, what });
  await giveToConnection(tx, row.id, { connection: chat, about: aboutOf(what) });
  return 'given';
}

/** Channels that are connected beside the one of the policy hear the same; nothing follows from what they say to it. */
async function hearAlong(
  tx: Transaction,
  { policy, connections }: AppContext,
  { row, what }: { readonly row: OutboxRow; readonly what: ChannelEffect },
): Promise<void> {
  const about = aboutOf(what);
  for (const { name, offers } of connections.all) {
    if (!offers.chat || name === policy.file.connections.chat) continue;
    const payload: EffectOf<'chat'>['payload'] = { about, body: bodyOf(what) };
    await insertEffect(tx, { key: `${row.key}:${name}`, topic: 'chat', payload, connection: name, about });
  }
}
