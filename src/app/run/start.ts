import type { RunnerCharter, StartRun } from '../../contract/runs.ts';
import { whyNot } from '../../kernel/change/capability.ts';
import { judgeSkew } from '../../kernel/run/lease.ts';
import {
  findChange,
  findRevision,
  lockChange,
  setState,
  type ChangeRow,
  type RevisionRow,
} from '../../store/changes.ts';
import { transact, type Transaction } from '../../store/database.ts';
import { acknowledge } from '../../store/hand-offs.ts';
import { insertSteps } from '../../store/run-steps.ts';
import { insertRun, latestRunOf, runByKey, type StoredRun } from '../../store/runs.ts';
import { onStage, RunInTheWay } from '../../store/stage.ts';
import { endWaitByStart, liveWaitOf, queueForTurns } from '../../store/waits.ts';
import { agentOf, type Call } from '../actor.ts';
import { whyTooPrivileged } from '../bastions/privileges.ts';
import { hostFacts } from '../change/host.ts';
import { whyNoDeployer } from '../claim/deployer.ts';
import { holdersText, tellThoseBeside } from '../claim/beside.ts';
import type { AppContext } from '../context.ts';
import { whyNothingIsDone } from '../policy-in-force.ts';
import { decideChange, refusedBy, targetNames } from '../decide.ts';
import { clock } from '../../store/clock.ts';
import { whyAuthenticateAgain } from '../identity/fresh.ts';
import { ALL, askPeers } from '../gate/ask-peers.ts';
import { proveNow } from '../monitoring/monitoring.ts';
import { whyOtherTargets } from '../../plan/target-difference.ts';
import { done, refuse, type Outcome, type Refused } from '../outcome.ts';
import { informOf } from '../audience/inform.ts';
import { charterOf } from './charter.ts';
import { outlineOf } from './outline.ts';
import { recordEvents } from './record.ts';
import { openRunFile } from './run-file.ts';
import { timingOf } from './timing.ts';
import { waitEnded } from './wait-events.ts';

/**
 * Starts a run: the verdict, the run with its first epoch, the state of the change and the record, in one transaction. Two
 * that start at once meet at the constraints of the database: one wins, the other is told who. The same key gets the same run.
 */
export async function startRun(
  context: AppContext,
  call: Call,
  changeId: string,
  wish: StartRun,
): Promise<Outcome<RunnerCharter>> {
  const stopped = await whyNothingIsDone(context, context.db);
  if (stopped !== null) return stopped;
  const before = await started(context, call, changeId, wish);
  if (before !== null) return before;
  const change = await findChange(context.db, changeId);
  const revision = change && (await findRevision(context.db, changeId, change.revision));
  if (!revision) return refuse('not_found', `expected a change, got \`${changeId}\`, which there is none of`);
  const { environment } = revision.plan;
  // No metrics, no changes: a proof of a moment ago says nothing of now.
  await Promise.all([
    proveNow(context, { environment, targets: targetNames(revision.plan) }),
    askPeers(context, ALL),
  ]);
  try {
    return await transact(context.db, (tx) => startIn(tx, context, call, { changeId, wish }));
  } catch (error) {
    if (!(error instanceof RunInTheWay)) throw error;
    return (await started(context, call, changeId, wish)) ?? inTheWay(context, call, { changeId, error });
  }
}

interface Start {
  readonly changeId: string;
  readonly wish: StartRun;
}

async function startIn(
  tx: Transaction,
  context: AppContext,
  call: Call,
  { changeId, wish }: Start,
): Promise<Outcome<RunnerCharter>> {
  const row = await lockChange(tx, changeId);
  const revision = row && (await findRevision(tx, changeId, row.revision));
  if (!row || !revision)
    return refuse('not_found', `expected a change, got \`${changeId}\`, which there is none of`);
  const winner = row.state === 'in-progress' ? await winners(tx, changeId) : null;
  if (winner !== null) return winner;
  // Held before the record is written: whoever gives turns goes the same way.
  if (await liveWaitOf(tx, changeId)) await queueForTurns(tx);
  const skew = judgeSkew(wish.clock - (await clock(tx)));
  const not =
    whyNotStart(call, row, revision, skew) ??
    whyTooPrivileged(call.actor.host, wish.privileges) ??
    whyNotThese(revision, wish) ??
    (row.criticality === 'C1' ? await whyAuthenticateAgain(tx, context, call, 'a C1 starts') : null);
  if (not !== null) {
    await recordRefusal(tx, context, call, { row, refused: not });
    return not;
  }
  await acknowledge(tx, changeId, call.actor.person, wish.acknowledges);
  const judged = await decideChange(tx, context, call, {
    action: 'start',
    changeId,
    host: hostFacts(call.actor, wish.multiplexer),
  });
  if (!judged.decision.allowed) return refusedBy(judged);
  const id = await insertRun(tx, newRun(call, row, revision, wish), timingOf(context).leaseMs);
  await insertSteps(tx, id, outlineOf(revision.plan));
  await setState(tx, changeId, 'in-progress');
  await tellThoseBeside(tx, {
    holder: id,
    name: changeId,
    severity: row.severity,
    person: call.actor.person,
  });
  const file = await openRunFile(tx, id);
  if (file === null) throw new Error(`expected ${id}, got none`);
  const waited = await endWaitByStart(tx, changeId, timingOf(context).startPaceMs);
  const events = [startEvent(file.run, wish), ...(waited === null ? [] : [waitEnded(waited, 'started')])];
  await informOf(tx, context, changeId);
  await recordEvents(tx, context, call, { run: file.run, events });
  return done(await charterOf(tx, context, { file, skew }));
}

/** Why this call may not start the request as it stands, whatever the policy says of now; `null` if it may. */
export function whyNotStart(
  call: Call,
  row: ChangeRow,
  { plan }: RevisionRow,
  skew: ReturnType<typeof judgeSkew>,
): Refused | null {
  if (skew === 'refuses')
    return refuse('clock_skew', 'expected a clock within 5 s of the server, got one further off');
  const { person, kind, standing, onDuty, host } = call.actor;
  const elsewhere = host === null ? null : whyNoDeployer(host, plan);
  if (elsewhere !== null) return elsewhere;
  const because = whyNot(
    'start',
    { person, isService: kind === 'service', roles: standing, onDuty, agentOf: agentOf(call.actor) },
    {
      state: row.state,
      author: row.author,
      executor: row.executor,
      team: plan.team,
      criticality: row.criticality,
    },
  );
  return because === null ? null : refuse('not_permitted', because);
}

/** INVARIANT: where a plan says what lists its targets, nothing begins on others than were reviewed. */
function whyNotThese({ plan }: RevisionRow, { resolved }: StartRun): Refused | null {
  const because = plan.targetsFrom === undefined ? null : whyOtherTargets(plan.targets, resolved);
  return because === null ? null : refuse('targets_differ', because);
}

function newRun(call: Call, row: ChangeRow, { plan }: RevisionRow, wish: StartRun) {
  const { host, person } = call.actor;
  if (host === null) throw new Error('expected a proven bastion, got none');
  return {
    changeId: row.id,
    idempotencyKey: wish.idempotencyKey,
    severity: row.severity,
    planDigest: row.digest,
    environment: plan.environment,
    targets: targetNames(plan),
    outline: outlineOf(plan),
    executor: person,
    runner: {
      key: wish.idempotencyKey,
      person,
      host: host.name,
      hostRole: host.role,
      hostEnvironment: host.environment,
      multiplexer: wish.multiplexer,
    },
  };
}

/** The run that this very key has started, or `null`. */
async function started(
  context: AppContext,
  call: Call,
  changeId: string,
  wish: StartRun,
): Promise<Outcome<RunnerCharter> | null> {
  const run = await runByKey(context.db, changeId, wish.idempotencyKey);
  if (run === null) return null;
  if (run.executor !== call.actor.person) return refuse('not_permitted', "expected a key of one's own");
  return transact(context.db, async (tx) => {
    const file = await openRunFile(tx, run.id);
    if (file === null) return refuse('not_found', `expected ${run.id}, got none`);
    return done(await charterOf(tx, context, { file, skew: judgeSkew(wish.clock - file.now) }));
  });
}

/** Refused by a constraint: another start was faster, or another run has the stage. */
async function inTheWay(
  context: AppContext,
  call: Call,
  { changeId, error }: { readonly changeId: string; readonly error: RunInTheWay },
): Promise<Outcome<RunnerCharter>> {
  return transact(context.db, async (tx) => {
    const refused = await winners(tx, error.kind === 'same-change' ? changeId : null);
    const row = await findChange(tx, changeId);
    if (row && refused !== null) await recordRefusal(tx, context, call, { row, refused });
    // It ended in this very moment: whoever asks again finds the stage free.
    return refused ?? refuse('conflict', 'another run was in the way and has ended: start again');
  });
}

/** Names the live run of a change, or whoever has the stage; `null` if there is none. */
async function winners(tx: Transaction, changeId: string | null): Promise<Refused | null> {
  if (changeId === null) {
    const others = await onStage(tx);
    if (others.length === 0) return null;
    const named = others.map(({ holder, change, person }) => ({ run: holder, change, executor: person }));
    return refuse('run_live', `in the way: ${holdersText(others)}`, { winners: named });
  }
  const run = await latestRunOf(tx, changeId);
  if (run === null || run.endedAt !== null) return null;
  const { id, executor, state } = run;
  return refuse('run_live', `in the way: ${id} of ${changeId}, started by ${executor}`, {
    winners: [{ run: id, change: changeId, executor, state }],
  });
}

async function recordRefusal(
  tx: Transaction,
  context: AppContext,
  call: Call,
  { row, refused }: { readonly row: ChangeRow; readonly refused: Refused },
): Promise<void> {
  const { code, because } = refused.refusal;
  const run = { id: 'none', changeId: row.id, planDigest: row.digest, epoch: 0 };
  const event = {
    type: 'run.refused',
    action: 'start',
    outcome: 'deny',
    reason: because,
    details: { code },
  } as const;
  await recordEvents(tx, context, call, { run, events: [event] });
}

function startEvent(run: StoredRun, { resolved }: StartRun) {
  const again =
    resolved !== null && 'targets' in resolved ? { 'targets-resolved': resolved.targets.length } : {};
  return {
    type: 'run.started',
    action: 'start',
    outcome: 'allow',
    reason: `by ${run.executor} on ${run.runner.host}`,
    details: { host: run.runner.host, multiplexer: run.runner.multiplexer, severity: run.severity, ...again },
  } as const;
}
