import type { HandOff, RunView } from '../../contract/runs.ts';
import { findRunPlace } from '../../store/runs.ts';
import { insertHandOff } from '../../store/hand-offs.ts';
import type { Call } from '../actor.ts';
import type { Recorded } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { refuse, type Outcome } from '../outcome.ts';
import { withRun } from './run-file.ts';
import { handOffAfterwards } from '../hand-off/afterwards.ts';
import { handOffFactsOf } from '../hand-off/facts.ts';
import { sendHandOff } from '../hand-off/send.ts';
import { takeWord } from './word.ts';

/**
 * Writes the hand-off note of a run's change, with the facts as they are, and sends it to the next engineer on call; its run, waiting for
 * it, asks again at once. The first note stands. A run that has ended is handed off afterwards, for some hours.
 */
export async function handOffRun(
  context: AppContext,
  call: Call,
  runId: string,
  note: HandOff,
): Promise<Outcome<Recorded<RunView>>> {
  // Asked for before the run is locked: Alertmanager may be slow.
  const facts = await handOffFactsOf(context, runId);
  const ended = (await findRunPlace(context.db, runId))?.endedAt ?? null;
  if (ended !== null) return handOffAfterwards(context, call, runId, note);
  return takeWord(context, call, {
    runId,
    act: 'hand-off',
    take: async (file, { person }, tx) => {
      const { changeId } = file.run;
      const kept = await insertHandOff(tx, { ...note, changeId, runId, person });
      if (!kept) return refuse('exists', 'expected no hand-off note yet, got one');
      if (facts === null) throw new Error(`expected the facts of \`${runId}\`, got none`);
      const to = await sendHandOff(tx, { note, facts, by: person });
      // Another version: the runner looks again.
      return {
        file: withRun(file, { denied: [] }),
        reason: `by ${person}${to === null ? '' : `, sent to ${to}`}`,
      };
    },
  });
}
