import type { RunnerCharter } from '../../contract/runs.ts';
import { AppError } from '../../contract/errors.ts';
import { revisionOfDigest } from '../../store/changes.ts';
import type { Queries } from '../../store/database.ts';
import type { StoredStep } from '../../store/run-steps.ts';
import type { StoredRun } from '../../store/runs.ts';
import type { AppContext } from '../context.ts';
import { timingOf } from './timing.ts';
import { leaseTerms, runView } from './view.ts';

/** What a runner is given: the run, the terms of its lease, and the plan exactly as it was approved. */
export async function charterOf(
  db: Queries,
  context: Pick<AppContext, 'runTiming'>,
  {
    file,
    skew,
  }: {
    readonly file: { readonly run: StoredRun; readonly steps: readonly StoredStep[] };
    readonly skew: RunnerCharter['skew'];
  },
): Promise<RunnerCharter> {
  const { changeId, planDigest } = file.run;
  const revision = await revisionOfDigest(db, changeId, planDigest);
  if (!revision)
    throw new AppError('internal', `expected the plan \`${planDigest}\` of ${changeId}, got none`);
  return {
    run: runView(file.run, file.steps),
    person: file.run.runner.person,
    terms: leaseTerms(timingOf(context)),
    plan: {
      text: revision.plan_text,
      file: revision.plan_file,
      digest: planDigest,
      scripts: { ...revision.scripts },
    },
    skew,
  };
}
