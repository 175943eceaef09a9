import type { ChannelPage, ChannelQuery, MessageView } from '../../contract/channel.ts';
import { findChange } from '../../store/changes.ts';
import {
  channelMessages,
  discussionOf,
  findMessage,
  insertMessage,
  type MessageRow,
} from '../../store/messages.ts';
import { notePresence } from '../../store/presences.ts';
import type { Queries } from '../../store/database.ts';
import type { Call } from '../actor.ts';
import { carryOut } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { digestOf } from '../digest.ts';
import { done, type Outcome } from '../outcome.ts';
import { pageOf } from '../page-of.ts';
import { standsElsewhere } from './connections.ts';
import { noChange } from './show.ts';
import { holdFor } from './standing.ts';

/** Writes in the discussion of a request or, with or without one, in the production channel. */
export async function writeMessage(
  context: AppContext,
  call: Call,
  message: {
    readonly place: 'discussion' | 'channel';
    readonly change: string | null;
    readonly body: string;
  },
): Promise<Outcome<MessageView>> {
  const { place, change, body } = message;
  const object = change === null ? `channel/production` : `change/${change}`;
  const deed = { type: `${place === 'channel' ? 'channel' : 'change'}.message`, action: 'write', object };
  const outcome = await carryOut(context, call, deed, async (tx) => {
    const elsewhere = standsElsewhere(context, place);
    if (elsewhere) return elsewhere;
    if (change !== null) {
      const held = await holdFor(tx, call, change, 'discuss');
      if (!held.ok) return held;
      if (call.actor.kind === 'person') await notePresence(tx, change, call.actor.person);
    }
    const id = await insertMessage(tx, { place, change_id: change, person: call.actor.person, body });
    const written = await findMessage(tx, id);
    if (!written) throw new Error('expected the message that was just written, got none');
    return done({
      value: messageView(written),
      reason: 'message written',
      digests: { body: digestOf(context, { id: id.toString(), body }) },
    });
  });
  return outcome.ok ? done(outcome.value.value) : outcome;
}

/** The discussion of a request, in its order. @throws {AppError} `not_found` */
export async function readDiscussion(db: Queries, id: string): Promise<MessageView[]> {
  if (!(await findChange(db, id))) throw noChange(id);
  return (await discussionOf(db, id)).map(messageView);
}

/** A page of the production channel, the newest first. */
export async function readChannel(db: Queries, { before, limit }: ChannelQuery): Promise<ChannelPage> {
  const from = before === undefined ? null : BigInt(before);
  const rows = await channelMessages(db, { before: from, limit: limit + 1 });
  const { page, next } = pageOf(rows, limit, ({ id }) => id.toString());
  return { messages: page.map(messageView), next };
}

function messageView({ id, change_id, person, body, at }: MessageRow): MessageView {
  return { id: id.toString(), change: change_id, person, body, at: at.toISOString() };
}
