import type { ChangeSummary } from '../../contract/changes.ts';
import { setState } from '../../store/changes.ts';
import type { Call } from '../actor.ts';
import { carryOut } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { done, type Outcome } from '../outcome.ts';
import { holdFor } from './standing.ts';
import { summaryOf } from './view.ts';

/** Ends a request that has not begun: its people cancel it, those who answer for production reject it. */
export async function closeChange(
  context: AppContext,
  call: Call,
  id: string,
  act: 'cancel' | 'reject',
): Promise<Outcome<ChangeSummary>> {
  const state = act === 'cancel' ? 'cancelled' : 'rejected';
  const deed = { type: `change.${state}`, action: act, object: `change/${id}` };
  const outcome = await carryOut(context, call, deed, async (tx) => {
    const held = await holdFor(tx, call, id, act);
    if (!held.ok) return held;
    await setState(tx, id, state);
    return done({
      value: await summaryOf(tx, id),
      reason: `${state} while ${held.row.state}`,
      digests: { plan: held.row.digest },
    });
  });
  return outcome.ok ? done(outcome.value.value) : outcome;
}
