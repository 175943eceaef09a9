import type { ClaimView, SettleClaim } from '../../contract/claims.ts';
import { endClaim, lockClaim } from '../../store/claims.ts';
import type { Call } from '../actor.ts';
import { carryOut, type Recorded } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import { claimView } from './view.ts';

/** A person on duty states how a lost claim ended: only that frees its place, and not while its work may still go on. */
export async function settleTheClaim(
  context: AppContext,
  call: Call,
  id: string,
  { outcome }: SettleClaim,
): Promise<Outcome<Recorded<ClaimView>>> {
  const deed = { type: 'claim.settled', action: 'settle', object: `claim/${id}` };
  const { person, onDuty } = call.actor;
  return carryOut(context, call, deed, async (tx) => {
    const locked = await lockClaim(tx, id);
    if (locked === null)
      return refuse('not_found', `expected a claim, got \`${id}\`, which there is none of`);
    const { claim, now } = locked;
    if (claim.state !== 'unknown' || claim.settle_from === null) {
      return refuse('conflict', `expected a claim that is unknown, got one that is \`${claim.state}\``);
    }
    if (!onDuty.includes('eoc') && !onDuty.includes('imoc'))
      return refuse('not_permitted', `expected the EOC or the IMOC, got \`${person}\``);
    if (claim.settle_from > now) {
      const from = claim.settle_from.toISOString();
      return refuse('too_early', `what was lost may still be working until ${from}`, { settleFrom: from });
    }
    const ended = await endClaim(tx, id, { outcome, settledBy: person });
    return done({ value: claimView(ended), reason: `${outcome}, as ${person} states` });
  });
}
