import type { RunInList } from '../../contract/run-list.ts';
import type { HoldView, LeaseTerms, RunView, StepView } from '../../contract/runs.ts';
import type { Hold } from '../../kernel/run/hold.ts';
import { HOLD_RELEASED_BY } from '../../kernel/run/hold.ts';
import type { RunListRow } from '../../store/run-list.ts';
import type { StoredStep } from '../../store/run-steps.ts';
import type { StoredRun } from '../../store/runs.ts';
import type { RunTiming } from './timing.ts';

/** A run with its steps, as everybody may see it. */
export function runView(run: StoredRun, steps: readonly StoredStep[]): RunView {
  return {
    id: run.id,
    change: run.changeId,
    state: run.state,
    phase: run.phase,
    epoch: run.epoch,
    version: run.version,
    planDigest: run.planDigest,
    executor: run.executor,
    host: run.runner.host,
    startedAt: text(run.startedAt),
    endedAt: textOrNull(run.endedAt),
    hold: run.hold === null ? null : holdView(run.hold),
    holdWanted: run.holdWanted !== null,
    runnerAlive: run.leaseExpiresAt !== null,
    takeOverFrom: textOrNull(run.takeOverFrom),
    steps: steps.map(stepView),
  };
}

/** A run as the list of all that are live shows it. */
export function runInList(row: RunListRow): RunInList {
  return {
    id: row.id,
    change: row.change_id,
    state: row.state,
    phase: row.phase,
    epoch: row.epoch,
    version: Number(row.version),
    planDigest: row.plan_digest,
    executor: row.executor,
    host: row.host,
    startedAt: row.started_at.toISOString(),
    endedAt: row.ended_at?.toISOString() ?? null,
    hold: row.hold === null ? null : holdView(row.hold),
    holdWanted: row.hold_wanted !== null,
    runnerAlive: row.lease_expires_at !== null,
    takeOverFrom: row.take_over_from?.toISOString() ?? null,
    progress: { list: row.list, done: row.done, of: row.of, at: row.at },
  };
}

/** What a runner has to keep to. */
export function leaseTerms(timing: RunTiming): LeaseTerms {
  const { leaseMs, killGraceMs, heartbeatMs, askAgainMs, watchEveryMs } = timing;
  return { leaseMs, killGraceMs, heartbeatMs, askAgainMs, watchEveryMs };
}

function holdView(hold: Hold): HoldView {
  return {
    cause: hold.cause,
    because: hold.because.slice(0, 2_000),
    rules: [...hold.rules],
    since: text(hold.since),
    by: hold.by,
    needsPerson: hold.needsPerson || HOLD_RELEASED_BY[hold.cause] === 'person',
    passes: hold.passes,
  };
}

function stepView(step: StoredStep): StepView {
  const { list, position, name, state, attempts, failedAt, settlement } = step;
  return {
    list,
    position,
    name,
    state,
    attempts,
    because: step.because?.slice(0, 2_000) ?? null,
    failedAt,
    settlement,
    startedAt: textOrNull(step.startedAt),
    endedAt: textOrNull(step.endedAt),
  };
}

function text(ms: number): string {
  return new Date(ms).toISOString();
}

function textOrNull(ms: number | null): string | null {
  return ms === null ? null : text(ms);
}
