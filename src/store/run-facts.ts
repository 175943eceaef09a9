import { sql } from 'kysely';
import type { CheckResult } from '../contract/check.ts';
import type { MonitoringPart } from '../kernel/policy/facts.ts';
import { blindOf } from '../kernel/run/outline.ts';
import type { Queries } from './database.ts';
import { latestDryRuns, type DryRunTwin } from './dry-runs.ts';
import { firstGranted } from './grants.ts';
import { latestRunOf, type StoredRun } from './runs.ts';

/** A check by name with its verdict, as the facts document holds it. */
export interface CheckFact {
  readonly name: string;
  readonly verdict: 'pass' | 'fail' | 'unknown';
}

/** What the runs of a change add to the facts of a question about it; the members are named as in the facts document. */
export interface RunFacts {
  readonly preflights: CheckFact[];
  readonly watched: CheckFact[];
  readonly postchecks: CheckFact[];
  readonly handoff: { readonly state: string; readonly silences: string[]; readonly graphs: string[] } | null;
  /** The blind window of the run, once it was opened; open or closed is for whoever knows the instant to say. */
  readonly blind: { readonly parts: MonitoringPart[]; readonly until: string } | null;
  readonly dryRun: { readonly digest: string; readonly at: string; readonly ok: boolean } | null;
  readonly dryRunTwin: DryRunTwin;
  readonly acknowledges: string[];
  /** When the run that is live began; `null` where none is. */
  readonly runningSince: Date | null;
}

/** A change that runs, as the facts document lists it. */
export interface RunningChange {
  readonly id: string;
  readonly severity: 'S1' | 'S2' | 'S3' | 'S4';
  readonly suspended: boolean;
}

/** What is known of a change's runs, dry runs and hand-off in this transaction. */
export async function runFacts(tx: Queries, changeId: string): Promise<RunFacts> {
  const run = await latestRunOf(tx, changeId);
  const { reviewed, twin } = await latestDryRuns(tx, changeId);
  const { rows } = await sql<{ acknowledges: string[]; handoff: RunFacts['handoff'] }>`
    /* prepared: run_facts */ select
      array(select running_change from start_acknowledgements where change_id = ${changeId} order by 1) as acknowledges,
      (select json_build_object('state', state, 'silences', silences, 'graphs', graphs) from hand_offs
        where change_id = ${changeId}) as handoff`.execute(tx);
  return {
    preflights: checkFacts(run?.preflightResults ?? []),
    // A metric that is watched and has no measurement is unknown, not absent.
    watched: (run?.outline.watched ?? []).map((name) => watchedFact(name, run?.watchedResults ?? [])),
    postchecks: checkFacts(run?.postcheckResults ?? []),
    handoff: rows[0]?.handoff ?? null,
    blind: run === null ? null : await blindFact(tx, run),
    dryRun: reviewed,
    dryRunTwin: twin,
    acknowledges: rows[0]?.acknowledges ?? [],
    runningSince: run === null || run.endedAt !== null ? null : new Date(run.startedAt),
  };
}

/**
 * INVARIANT: a window opens once, with the first grant of the segment that its step begins, and is never longer than the plan says:
 * grants are never changed or removed, so neither a second try nor another runner opens it anew.
 */
async function blindFact(tx: Queries, { id, outline }: StoredRun): Promise<RunFacts['blind']> {
  const window = blindOf(outline);
  if (window === null) return null;
  const opened = await firstGranted(tx, id, 'steps', window.segment);
  if (opened === null) return null;
  const until = new Date(opened.getTime() + window.lastsMs).toISOString();
  return { parts: [...window.parts], until };
}

/** Everything that runs now, changes first, the oldest first; held, suspended and lost ones too. A claim goes by its own id. */
export async function runningChanges(db: Queries): Promise<RunningChange[]> {
  return (await running.execute(db)).rows;
}

/** The same as a query. */
export const running = sql<RunningChange>`
  select change_id as id, severity, state = 'suspended' as suspended
  from (
    select 1 as part, number, change_id, severity, state from runs where ended_at is null
    union all select 2, number, id, severity, state from claims where ended_at is null
  ) as live order by part, number`;

function checkFacts(results: readonly CheckResult[]): CheckFact[] {
  return results.map(({ name, verdict }) => ({ name, verdict }));
}

function watchedFact(name: string, results: readonly CheckResult[]): CheckFact {
  return { name, verdict: results.find((result) => result.name === name)?.verdict ?? 'unknown' };
}
