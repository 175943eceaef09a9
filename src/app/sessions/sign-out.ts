import { endSession } from '../../store/sessions.ts';
import type { Call } from '../actor.ts';
import { carryOut, type Recorded } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { done, refuse, type Outcome } from '../outcome.ts';

/** Ends the caller's own session. */
export async function signOut(context: AppContext, call: Call): Promise<Outcome<Recorded<null>>> {
  const { credential, person } = call.actor;
  const deed = { type: 'session.ended', action: 'sign-out', object: `person/${person}` };
  return carryOut(context, call, deed, async (tx) => {
    if (credential.kind !== 'session') return refuse('invalid', 'expected a session, got a token');
    await endSession(tx, credential.id);
    return done({ value: null, reason: 'signed out' });
  });
}
