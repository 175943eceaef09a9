import type { ChangeSummary, CloseChange } from '../../contract/changes.ts';
import { insertEnding } from '../../store/change-endings.ts';
import { setState } from '../../store/changes.ts';
import type { Call } from '../actor.ts';
import { carryOut } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { digestOf } from '../digest.ts';
import { tellPeople } from '../notice/tell.ts';
import { done, type Outcome } from '../outcome.ts';
import { holdFor } from './standing.ts';
import { summaryOf } from './view.ts';

/**
 * Ends a request that has not begun: its people cancel it, those who answer for production reject it. Both say why; the author is
 * told, unless it was they.
 */
export async function closeChange(
  context: AppContext,
  call: Call,
  id: string,
  { act, reason }: CloseChange & { readonly act: 'cancel' | 'reject' },
): Promise<Outcome<ChangeSummary>> {
  const state = act === 'cancel' ? 'cancelled' : 'rejected';
  const deed = { type: `change.${state}`, action: act, object: `change/${id}` };
  const { person } = call.actor;
  const outcome = await carryOut(context, call, deed, async (tx) => {
    const held = await holdFor(tx, call, id, act);
    if (!held.ok) return held;
    const { row } = held;
    await setState(tx, id, state);
    await insertEnding(tx, id, { state, reason, by: person });
    // Whoever stands behind a bot reads what the bot cannot.
    const author = row.author_bot_of ?? row.author;
    await tellPeople(tx, {
      to: author === person ? [] : [author],
      key: `change.${state}:${id}`,
      kind: `change-${state}`,
      about: `change/${id}`,
      body: `${id} ${row.title}: ${state} by ${person}. ${reason}`,
    });
    return done({
      value: await summaryOf(tx, id),
      reason: `${state} while ${row.state}`,
      // What a person writes lies beside the ledger; the entry binds it.
      digests: { plan: row.digest, reason: digestOf(context, reason) },
    });
  });
  return outcome.ok ? done(outcome.value.value) : outcome;
}
