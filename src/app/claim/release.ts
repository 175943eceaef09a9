import type { ClaimView, ReleaseClaim } from '../../contract/claims.ts';
import { endClaim, lockClaim } from '../../store/claims.ts';
import type { Call } from '../actor.ts';
import { carryOut, type Recorded } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { done, type Outcome, refuse } from '../outcome.ts';
import { notItsHolder } from './heartbeat.ts';
import { claimView } from './view.ts';

/** The work is over, as its claimant says: it leaves the stage. What is said after the lease was lost is recorded and changes nothing. */
export async function releaseTheClaim(
  context: AppContext,
  call: Call,
  id: string,
  { outcome }: ReleaseClaim,
): Promise<Outcome<Recorded<ClaimView>>> {
  const deed = { type: 'claim.released', action: 'release', object: `claim/${id}` };
  return carryOut(context, call, deed, async (tx) => {
    const locked = await lockClaim(tx, id);
    if (locked?.claim.state === outcome && locked.claim.person === call.actor.person) {
      return done({ value: claimView(locked.claim), reason: `${outcome}, as was said before` });
    }
    const not = notItsHolder(locked, call, id);
    if (not !== null) {
      const { code, because, details } = not.refusal;
      return refuse(code, `${because}; said: ${outcome}`, details);
    }
    return done({ value: claimView(await endClaim(tx, id, { outcome, settledBy: null })), reason: outcome });
  });
}
