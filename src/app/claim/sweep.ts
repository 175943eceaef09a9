import { lockClaim, loseClaim, lostClaims } from '../../store/claims.ts';
import { transact } from '../../store/database.ts';
import { onDutyNow } from '../../store/rota.ts';
import { systemCall } from '../actor.ts';
import { entryBase, record } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { tellPeople } from '../notice/tell.ts';
import { timingOf } from '../run/timing.ts';

const AT_ONCE = 100;

/**
 * Marks the claims that were not renewed: what their work did nobody knows, they keep their place, and the people on duty are
 * told. Called every second by each server; each claim is looked at again under its lock. Gives how many.
 */
export async function sweepClaims(context: AppContext): Promise<number> {
  let lost = 0;
  for (const id of await lostClaims(context.db, AT_ONCE)) {
    try {
      if (await sweepOne(context, id)) lost += 1;
    } catch (error) {
      context.log.error({ claim: id, error: String(error) }, 'a claim that was lost could not be marked so');
    }
  }
  return lost;
}

function sweepOne(context: AppContext, id: string): Promise<boolean> {
  return transact(context.db, async (tx) => {
    const locked = await lockClaim(tx, id);
    const lease = locked?.claim.lease_expires_at ?? null;
    // The beat that renewed it came in between.
    if (locked === null || lease === null || lease >= locked.now) return false;
    const settleFrom = new Date(lease.getTime() + timingOf(context).killGraceMs);
    await loseClaim(tx, id, settleFrom);
    const { person, severity, environment } = locked.claim;
    const duty = await onDutyNow(tx);
    await tellPeople(tx, {
      to: [duty.eoc, duty.imoc, person].filter((one) => one !== undefined),
      key: `claim-lost:${id}`,
      kind: 'claim-lost',
      about: `claim/${id}`,
      body: `${id} (${severity}, ${environment}) of ${person} was not renewed: what it did is unknown. It keeps its place until the EOC or the IMOC settles it: interlock claims settle ${id} --outcome succeeded|failed`,
    });
    await record(tx, {
      ...entryBase(context, systemCall('sweeper')),
      type: 'claim.lost',
      action: 'hold',
      object: `claim/${id}`,
      outcome: 'error',
      reason: 'the lease ended without a word: what its work did is unknown',
      before: null,
      after: null,
      details: { 'settle-from': settleFrom.toISOString() },
    });
    return true;
  });
}
