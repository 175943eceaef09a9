import type { HandOffFacts } from '../../contract/hand-offs.ts';
import type { SilenceList } from '../../contract/silences.ts';
import { findChange, findRevision } from '../../store/changes.ts';
import { clock } from '../../store/clock.ts';
import { stepsOfRun, type StoredStep } from '../../store/run-steps.ts';
import { findRun, type StoredRun } from '../../store/runs.ts';
import { listTasks } from '../../store/tasks.ts';
import type { AppContext } from '../context.ts';
import { askWhatFires } from '../silence/hiding.ts';
import { readSilences } from '../silence/silences.ts';

const MOST_TASKS = 100;

/** What there is to hand off of a run, out of the records; `null` if there is no such run. Asks for the alerts, so it holds no lock. */
export async function handOffFactsOf(context: AppContext, runId: string): Promise<HandOffFacts | null> {
  const { db } = context;
  const run = await findRun(db, runId);
  if (run === null) return null;
  const { changeId: change } = run;
  const steps = await stepsOfRun(db, runId);
  const own = steps.filter(({ list }) => list === 'steps');
  return {
    run: runId,
    change,
    at: new Date(await clock(db)).toISOString(),
    state: run.state,
    phase: run.phase,
    steps: { succeeded: own.filter(succeeded).length, of: own.length },
    skipped: own.filter((step) => !succeeded(step) || step.settledBy !== null).map(skippedOf),
    undone: steps.filter((step) => step.list === 'rollback' && succeeded(step)).length,
    postchecks: run.outline.postchecks.map((name) => ({
      name,
      verdict: verdictOf(name, run.postcheckResults),
    })),
    silences: await silencesNow(context, change),
    watch: await watchOf(context, run),
    later: (run.outline.delayed ?? []).map(({ name, afterMs }) => ({ name, afterMs })),
    tasks: (await listTasks(db, { change, open: true, limit: MOST_TASKS })).map(({ id, title, owner }) => ({
      task: id,
      title,
      owner,
    })),
  };
}

function succeeded({ state }: StoredStep): boolean {
  return state === 'succeeded';
}

function skippedOf({ name, state, because, settledBy }: StoredStep): HandOffFacts['skipped'][number] {
  return { step: name, state, because, settledBy };
}

/** What has no measurement is unknown, not absent. */
function verdictOf(name: string, results: StoredRun['postcheckResults']) {
  return results.find((result) => result.name === name)?.verdict ?? 'unknown';
}

async function watchOf({ db }: AppContext, run: StoredRun): Promise<HandOffFacts['watch']> {
  const row = await findChange(db, run.changeId);
  const revision = row && (await findRevision(db, run.changeId, row.revision));
  return (revision?.plan.watch ?? []).map(({ name, graph }) => ({
    name,
    graph,
    verdict: verdictOf(name, run.watchedResults),
  }));
}

/** The silences that stand; whether they still match is asked of Alertmanager, and unknown where it does not answer. */
async function silencesNow(context: AppContext, change: string): Promise<HandOffFacts['silences']> {
  const all = (await readSilences(context.db, change)).silences;
  const standing = all.filter(({ state }) => state !== 'ended');
  if (standing.length === 0) return [];
  const hiddenBy = await askWhatFires(context);
  return standing.map(({ matchers, endsAt, handedTo }) => ({
    labels: labelsText(matchers),
    endsAt,
    handedTo,
    hides: hiddenBy(matchers)?.length ?? null,
  }));
}

type Labels = SilenceList['silences'][number]['matchers'];

function labelsText(matchers: Labels): string {
  return Object.entries(matchers)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join(', ');
}
