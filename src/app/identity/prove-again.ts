import type { ProveAgainBy } from '../../contract/sessions.ts';
import { noteAuthentication } from '../../store/authentications.ts';
import { lockPerson, passwordOf } from '../../store/people.ts';
import { clearAttempts } from '../../store/sessions.ts';
import type { Call } from '../actor.ts';
import { carryOut, type Recorded } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import { passwordMatches } from '../passwords.ts';
import { attemptAllowed } from '../sessions/attempts.ts';

/** Until when a proof of who one is counts for acts of high stakes. */
export interface ProvenAgain {
  readonly until: Date;
}

/** Proves again, by the password, who calls: it counts for the token or session of this call alone, and for some minutes. */
export async function proveAgain(
  context: AppContext,
  call: Call,
  { password }: ProveAgainBy,
): Promise<Outcome<Recorded<ProvenAgain>>> {
  const { person, kind, credential } = call.actor;
  const allowed = await attemptAllowed(context, `account:${person}`);
  // Outside of the transaction: it takes a tenth of a second of a core.
  const matches = allowed && (await passwordMatches(password, await passwordOf(context.db, person)));
  const deed = { type: 'session.proven-again', action: 'prove-again', object: `person/${person}` };
  const outcome = await carryOut(context, call, deed, async (tx) => {
    if (!allowed) return refuse('too_many_requests', 'expected fewer attempts with a wrong password');
    if (!matches || kind !== 'person') return refuse('not_permitted', 'expected the password of the account');
    await lockPerson(tx, person);
    await noteAuthentication(tx, { person, credential: credential.id, method: 'password' });
    return done({ value: provenAt(context, new Date()), reason: 'proved again by password' });
  });
  if (outcome.ok) await clearAttempts(context.db, `account:${person}`);
  return outcome;
}

/** What a proof of this instant is good for. */
export function provenAt({ identity }: AppContext, at: Date): ProvenAgain {
  return { until: new Date(at.getTime() + identity.freshMinutes * 60_000) };
}
