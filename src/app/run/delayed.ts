import type { DelayedCheckView, DelayedMeasurement } from '../../contract/watching.ts';
import { mayAct } from '../../kernel/run/acts.ts';
import { findChange, findRevision } from '../../store/changes.ts';
import { clock } from '../../store/clock.ts';
import { transact, type Queries, type Transaction } from '../../store/database.ts';
import {
  delayedChecksOf,
  keepDelayed,
  lockDelayedCheck,
  takeOverdue,
  type DelayedCheckRow,
} from '../../store/delayed-checks.ts';
import { onDutyNow } from '../../store/rota.ts';
import type { Call } from '../actor.ts';
import { carryOut, type Recorded, type Result } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { tellPeople } from '../notice/tell.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import { openTask } from '../task/open.ts';
import { standingsOf } from './standings.ts';

/** How long after its time a check may be measured before people are told that nobody did. */
const GRACE_MS = 10 * 60_000;
const DAY_MS = 86_400_000;

/** The delayed checks of a change, the first due first. */
export async function listDelayed(db: Queries, changeId: string): Promise<DelayedCheckView[]> {
  return (await delayedChecksOf(db, changeId)).map(viewOf);
}

/**
 * Takes what a bastion measured of a complete change. Not before its time; a verdict stands; what could not tell leaves it
 * open. One that fails is told to the people of the change and the EOC, and is a task of the executor.
 */
export function takeDelayed(
  context: AppContext,
  call: Call,
  changeId: string,
  measured: DelayedMeasurement,
): Promise<Outcome<Recorded<DelayedCheckView>>> {
  const deed = { type: 'change.delayed-check', action: 'watch', object: `change/${changeId}` };
  return carryOut(context, call, deed, (tx) => take(tx, call, changeId, measured));
}

async function take(
  tx: Transaction,
  call: Call,
  changeId: string,
  { run: runId, position, result }: DelayedMeasurement,
): Promise<Outcome<Result<DelayedCheckView>>> {
  const change = await findChange(tx, changeId);
  const revision = change && (await findRevision(tx, changeId, change.revision));
  const check = await lockDelayedCheck(tx, { changeId, runId, position });
  if (!revision || check === undefined) {
    return refuse('not_found', `expected a delayed check of \`${changeId}\`, got none at that place`);
  }
  const { person, host } = call.actor;
  if (!mayAct('take-over', await standingsOf(tx, call, changeId))) {
    return refuse('not_permitted', 'expected the executor or somebody of the team');
  }
  if (host === null || host.environment !== revision.plan.environment) {
    return refuse('not_permitted', `expected a bastion of \`${revision.plan.environment}\``);
  }
  if (check.measured_at !== null)
    return refuse('exists', `expected check \`${check.name}\` open, got it measured`);
  if (result.name !== check.name) {
    return refuse('invalid', `expected the result of \`${check.name}\`, got that of \`${result.name}\``);
  }
  if (!check.due) {
    return refuse(
      'conflict',
      `expected a check whose time has come, got one due ${check.due_at.toISOString()}`,
    );
  }
  await keepDelayed(tx, { runId, position, result, person, host: host.name });
  const because = `check \`${check.name}\`, a while after ${changeId}: ${result.verdict}, ${result.because}`;
  if (result.verdict === 'fail') await tellOf(tx, { changeId, check, because, why: 'failed' });
  const kept = await lockDelayedCheck(tx, { changeId, runId, position });
  return done({
    value: viewOf(kept ?? check),
    reason: because.slice(0, 2_000),
    digests: { plan: revision.digest },
    details: { run: runId, position, verdict: result.verdict, host: host.name },
  });
}

/** Tells the people of changes whose delayed checks nobody has measured. Gives how many were told of. */
export function tellOfOverdue({ db }: Pick<AppContext, 'db'>): Promise<number> {
  return transact(db, async (tx) => {
    const overdue = await takeOverdue(tx, GRACE_MS);
    for (const { change_id: changeId, ...check } of overdue) {
      const because = `check \`${check.name}\` of ${changeId} was due ${check.due_at.toISOString()} and nobody has measured it: \`interlock watch ${changeId}\` on the bastion.`;
      await tellOf(tx, { changeId, check, because, why: 'overdue' });
    }
    return overdue.length;
  });
}

/** Tells the people of a change and the EOC, and opens a task of its executor. */
async function tellOf(
  tx: Transaction,
  word: {
    readonly changeId: string;
    readonly check: Pick<DelayedCheckRow, 'run_id' | 'position'>;
    readonly because: string;
    readonly why: 'failed' | 'overdue';
  },
): Promise<void> {
  const { changeId, check, because, why } = word;
  const change = await findChange(tx, changeId);
  const revision = change && (await findRevision(tx, changeId, change.revision));
  if (!revision) throw new Error(`expected ${changeId}, got none`);
  const { team, executor, emoc } = revision.plan;
  const { eoc } = await onDutyNow(tx);
  const to = [...team, executor, emoc, eoc].filter((one) => one !== null && one !== undefined);
  const key = `delayed-check-${why}:${check.run_id}:${check.position}`;
  await tellPeople(tx, { to, key, kind: `delayed-check-${why}`, about: `change/${changeId}`, body: because });
  await openTask(tx, {
    key,
    kind: 'delayed-check',
    change: changeId,
    title: because.slice(0, 500),
    owner: executor,
    dueAt: new Date((await clock(tx)) + (why === 'failed' ? 0 : DAY_MS)),
  });
}

function viewOf(row: DelayedCheckRow): DelayedCheckView {
  return {
    run: row.run_id,
    position: row.position,
    name: row.name,
    dueAt: row.due_at.toISOString(),
    due: row.due,
    verdict: row.verdict,
    because: row.because,
    measuredAt: row.measured_at?.toISOString() ?? null,
    by: row.person,
    host: row.host,
    overdueAt: row.overdue_at?.toISOString() ?? null,
  };
}
