import { withdrawApproval } from '../../store/approvals.ts';
import { lockChange } from '../../store/changes.ts';
import type { Call } from '../actor.ts';
import { carryOut } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { done, refuse, type Outcome } from '../outcome.ts';

/** Takes one's own approval back. It stays in the record. */
export async function withdrawOwnApproval(
  context: AppContext,
  call: Call,
  id: string,
  approval: bigint,
): Promise<Outcome<null>> {
  const deed = { type: 'change.approval-withdrawn', action: 'withdraw', object: `change/${id}` };
  const outcome = await carryOut(context, call, deed, async (tx) => {
    // Held, so that nobody decides on the word while it is taken back.
    await lockChange(tx, id);
    if (await withdrawApproval(tx, id, approval, call.actor.person)) {
      return done({ value: null, reason: 'approval withdrawn', details: { approval: approval.toString() } });
    }
    return refuse('not_found', 'expected an approval of one’s own that stands, got none of that number');
  });
  return outcome.ok ? done(null) : outcome;
}
