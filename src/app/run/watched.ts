import type { WatchedView } from '../../contract/acts.ts';
import { findChange, findRevision } from '../../store/changes.ts';
import type { Queries } from '../../store/database.ts';
import { findRun } from '../../store/runs.ts';
import { done, refuse, type Outcome } from '../outcome.ts';

/** The watched metrics of a run: their ranges from its plan, with what the runner measured last. */
export async function readWatched(db: Queries, runId: string): Promise<Outcome<WatchedView>> {
  const run = await findRun(db, runId);
  if (run === null) return refuse('not_found', `expected a run, got \`${runId}\`, which there is none of`);
  const change = await findChange(db, run.changeId);
  const revision = change && (await findRevision(db, run.changeId, change.revision));
  return done({
    watched: (revision?.plan.watch ?? []).map(({ name, graph, expect, rollBackWhen }) => ({
      name,
      graph: graph ?? null,
      expect: expect ?? null,
      rollBackWhen: rollBackWhen ?? null,
      result: run.watchedResults.find((one) => one.name === name) ?? null,
    })),
  });
}
