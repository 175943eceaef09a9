import type { HandOffView } from '../../contract/hand-offs.ts';
import { acceptKey, findHandOff, insertAcceptance } from '../../store/hand-offs.ts';
import { finishTaskOf } from '../../store/tasks.ts';
import type { Call } from '../actor.ts';
import { carryOut } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { tellPeople } from '../notice/tell.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import { refuseAccepting } from './may.ts';
import { showHandOff } from './show.ts';

/** Takes a hand-off over: whom it was sent to, or whoever is on call then; not its writer. */
export async function acceptHandOff(
  context: AppContext,
  call: Call,
  runId: string,
): Promise<Outcome<HandOffView>> {
  const deed = { type: 'hand-off.accepted', action: 'accept-hand-off', object: `run/${runId}` };
  const { person } = call.actor;
  const outcome = await carryOut(context, call, deed, async (tx) => {
    const row = await findHandOff(tx, runId);
    if (!row) return refuse('not_found', `expected a hand-off of \`${runId}\`, got none`);
    const refused = await refuseAccepting(tx, call, row);
    if (refused !== null) return refused;
    if (!(await insertAcceptance(tx, row.change_id, person)))
      return refuse('conflict', 'expected a hand-off that waits, got one that is accepted');
    await finishTaskOf(tx, acceptKey(row.change_id), person);
    const about = `change/${row.change_id}`;
    const body = `\`${person}\` has accepted the hand-off of ${row.change_id}.`;
    const key = `hand-off-accepted:${row.change_id}`;
    await tellPeople(tx, { to: [row.person], key, kind: 'hand-off-accepted', about, body });
    return done({
      value: null,
      object: about,
      reason: `the hand-off that ${row.person} wrote`,
      details: { run: runId },
    });
  });
  return outcome.ok ? done(await showHandOff(context, call, runId)) : outcome;
}
