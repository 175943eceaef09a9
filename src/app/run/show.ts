import type { RunView } from '../../contract/runs.ts';
import type { Queries } from '../../store/database.ts';
import { stepsOfRun } from '../../store/run-steps.ts';
import { findRun, liveRuns, runsOfChange, type StoredRun } from '../../store/runs.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import { runView } from './view.ts';

/** One run. */
export async function showRun(db: Queries, runId: string): Promise<Outcome<RunView>> {
  const run = await findRun(db, runId);
  return run === null
    ? refuse('not_found', `expected a run, got \`${runId}\``)
    : done(runView(run, await stepsOfRun(db, runId)));
}

/** The runs of a change, the newest first. */
export async function listRuns(db: Queries, changeId: string): Promise<RunView[]> {
  return withSteps(db, await runsOfChange(db, changeId));
}

/** Every live run, the oldest first. */
export async function liveRunViews(db: Queries): Promise<RunView[]> {
  return withSteps(db, await liveRuns(db));
}

function withSteps(db: Queries, runs: readonly StoredRun[]): Promise<RunView[]> {
  return Promise.all(runs.map(async (run) => runView(run, await stepsOfRun(db, run.id))));
}
