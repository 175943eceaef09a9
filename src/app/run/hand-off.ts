import type { HandOff, RunView } from '../../contract/runs.ts';
import { insertHandOff } from '../../store/hand-offs.ts';
import type { Call } from '../actor.ts';
import type { Recorded } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { refuse, type Outcome } from '../outcome.ts';
import { withRun } from './run-file.ts';
import { takeWord } from './word.ts';

/** Writes the hand-off note of a run's change; its run, waiting for it, asks again at once. The first note stands. */
export function handOffRun(
  context: AppContext,
  call: Call,
  runId: string,
  note: HandOff,
): Promise<Outcome<Recorded<RunView>>> {
  return takeWord(context, call, {
    runId,
    act: 'hand-off',
    take: async (file, { person }, tx) => {
      const { changeId } = file.run;
      const kept = await insertHandOff(tx, { ...note, changeId, runId, person });
      if (!kept) return refuse('exists', 'expected no hand-off note yet, got one');
      // Another version: the runner looks again.
      return { file: withRun(file, { denied: [] }), reason: `by ${person}` };
    },
  });
}
