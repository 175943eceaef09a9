import type { RunInList } from '../../contract/run-list.ts';
import type { RunView } from '../../contract/runs.ts';
import type { Queries } from '../../store/database.ts';
import { liveRunList } from '../../store/run-list.ts';
import { stepsOfRun } from '../../store/run-steps.ts';
import { findRun, findRunPlace, runsOfChange } from '../../store/runs.ts';
import type { AppContext } from '../context.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import { holdSteps, stepsSince } from './seen-steps.ts';
import { runInList, runView } from './view.ts';

/** One run. */
export async function showRun(db: Queries, runId: string): Promise<Outcome<RunView>> {
  const run = await findRun(db, runId);
  return run === null
    ? refuse('not_found', `expected a run, got \`${runId}\`, which there is none of`)
    : done(runView(run, await stepsOfRun(db, runId)));
}

/** One run, of its steps those that changed since a version; all of them where that version is not known here. */
export async function showRunSince(
  context: AppContext,
  runId: string,
  since: number,
): Promise<Outcome<RunView>> {
  const run = await findRun(context.db, runId);
  if (run === null) return refuse('not_found', `expected a run, got \`${runId}\`, which there is none of`);
  const steps = await stepsOfRun(context.db, runId);
  const changed = stepsSince(context, run, steps, since);
  // Read one after the other, the steps may be newer than the run: then they are of no version that can be held.
  if ((await findRunPlace(context.db, runId))?.version === run.version) holdSteps(context, run, steps);
  return done(runView(run, changed));
}

/** The runs of a change, the newest first. */
export async function listRuns(db: Queries, changeId: string): Promise<RunView[]> {
  const runs = await runsOfChange(db, changeId);
  return Promise.all(runs.map(async (run) => runView(run, await stepsOfRun(db, run.id))));
}

/** Every live run, the oldest first. */
export async function listLiveRuns(db: Queries): Promise<RunInList[]> {
  return (await liveRunList(db)).map(runInList);
}
