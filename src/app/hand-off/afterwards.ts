import type { HandOff, RunView } from '../../contract/runs.ts';
import { insertHandOff } from '../../store/hand-offs.ts';
import type { Call } from '../actor.ts';
import { carryOut, type Recorded } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import { openRunFile } from '../run/run-file.ts';
import { standingsOf } from '../run/standings.ts';
import { runView } from '../run/view.ts';
import { handOffFactsOf } from './facts.ts';
import { refuseWriting } from './may.ts';
import { sendHandOff } from './send.ts';

/**
 * Writes the hand-off note of a run that has ended, while it is still of use. The run stays what it is: nothing waits for the note,
 * and what was complete without one stays complete without one.
 */
export async function handOffAfterwards(
  context: AppContext,
  call: Call,
  runId: string,
  note: HandOff,
): Promise<Outcome<Recorded<RunView>>> {
  const facts = await handOffFactsOf(context, runId);
  const deed = { type: 'run.hand-off', action: 'hand-off', object: `run/${runId}` };
  return carryOut(context, call, deed, async (tx) => {
    const file = await openRunFile(tx, runId);
    if (file === null || facts === null)
      return refuse('not_found', `expected a run, got \`${runId}\`, which there is none of`);
    const { run, steps, now } = file;
    const { changeId } = run;
    const standings = await standingsOf(tx, call, changeId);
    const refused = refuseWriting(call, { run, written: false, standings, now });
    if (refused !== null) return refused;
    const { person } = call.actor;
    if (!(await insertHandOff(tx, { ...note, changeId, runId, person })))
      return refuse('exists', 'expected no hand-off note yet, got one');
    const to = await sendHandOff(tx, { note, facts, by: person });
    return done({
      value: runView(run, steps),
      reason: `by ${person}, after the end${to === null ? '' : `, sent to ${to}`}`,
      object: `change/${changeId}`,
      details: { run: run.id, epoch: run.epoch, state: run.state },
      digests: { plan: run.planDigest },
    });
  });
}
