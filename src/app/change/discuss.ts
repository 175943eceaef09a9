import type { MessageView } from '../../contract/channel.ts';
import { findChange } from '../../store/changes.ts';
import { channelMessages, discussionOf, insertMessage, type MessageRow } from '../../store/messages.ts';
import { notePresence } from '../../store/presences.ts';
import type { Queries } from '../../store/database.ts';
import type { Call } from '../actor.ts';
import { carryOut } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { digestOf } from '../digest.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
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
): Promise<Outcome<null>> {
  const { place, change, body } = message;
  const object = change === null ? `channel/production` : `change/${change}`;
  const deed = { type: `${place === 'channel' ? 'channel' : 'change'}.message`, action: 'write', object };
  const outcome = await carryOut(context, call, deed, async (tx) => {
    if (change !== null) {
      const held = await holdFor(tx, call, change, 'discuss');
      if (!held.ok) return held;
      if (call.actor.kind === 'person') await notePresence(tx, change, call.actor.person);
    }
    const id = await insertMessage(tx, { place, change_id: change, person: call.actor.person, body });
    return done({
      value: null,
      reason: 'message written',
      digests: { body: digestOf(context, { id: id.toString(), body }) },
    });
  });
  return outcome.ok ? done(null) : outcome;
}

/** Notes that somebody is there, in a request's situation room too if they say that they joined it. */
export async function showPresence(
  context: AppContext,
  call: Call,
  id: string,
  joined: boolean,
): Promise<Outcome<null>> {
  const deed = {
    type: 'change.presence',
    action: joined ? 'join-situation-room' : 'be-present',
    object: `change/${id}`,
  };
  const outcome = await carryOut(context, call, deed, async (tx) => {
    if (!(await findChange(tx, id))) return refuse('not_found', `expected a change, got \`${id}\``);
    await notePresence(tx, id, call.actor.person, joined);
    return done({ value: null, reason: joined ? 'joined the situation room' : 'present' });
  });
  return outcome.ok ? done(null) : outcome;
}

/** The discussion of a request, in its order. */
export async function readDiscussion(db: Queries, id: string): Promise<MessageView[]> {
  return (await discussionOf(db, id)).map(messageView);
}

/** The newest messages of the production channel, the newest first. */
export async function readChannel(db: Queries, limit: number): Promise<MessageView[]> {
  return (await channelMessages(db, limit)).map(messageView);
}

function messageView({ id, change_id, person, body, at }: MessageRow): MessageView {
  return { id: id.toString(), change: change_id, person, body, at: at.toISOString() };
}
