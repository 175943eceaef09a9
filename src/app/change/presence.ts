import { findChange } from '../../store/changes.ts';
import { notePresence } from '../../store/presences.ts';
import type { Call } from '../actor.ts';
import { carryOut } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { done, refuse, type Outcome } from '../outcome.ts';

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
