import type { StartRun } from '../../contract/runs.ts';
import type { EndOfWait, WaitAnswer } from '../../contract/waits.ts';
import { judgeSkew } from '../../kernel/run/lease.ts';
import { waitedOut } from '../../kernel/policy/waited-out.ts';
import { findChange, findRevision, lockChange, type ChangeRow } from '../../store/changes.ts';
import { clock } from '../../store/clock.ts';
import { transact, type Transaction } from '../../store/database.ts';
import { acknowledge } from '../../store/hand-offs.ts';
import {
  endWait,
  insertWait,
  liveWaitOf,
  queueForTurns,
  turnOf,
  waitByKey,
  type WaitRow,
} from '../../store/waits.ts';
import type { Call } from '../actor.ts';
import type { AppContext } from '../context.ts';
import { whyNothingIsDone } from '../policy-in-force.ts';
import { refusedBy, targetNames } from '../decide.ts';
import { ALL, askPeers } from '../gate/ask-peers.ts';
import { proveNow } from '../monitoring/monitoring.ts';
import { done, refuse, type Outcome, type Refused } from '../outcome.ts';
import { whyTooPrivileged } from '../bastions/privileges.ts';
import { whyNotStart } from './start.ts';
import { timingOf } from './timing.ts';
import { recordWait, waitEnded } from './wait-events.ts';
import { answerOf, heldBy, previewStart, type WaitOf } from './wait-held.ts';

/**
 * Begins to wait for a start that only time refuses, with the executor attached. The same key gets the same wait. Nothing is
 * started by it: at its turn the executor starts as anybody does, and everything is asked anew.
 */
export async function beginWait(
  context: AppContext,
  call: Call,
  changeId: string,
  wish: StartRun,
): Promise<Outcome<WaitAnswer>> {
  const stopped = await whyNothingIsDone(context, context.db);
  if (stopped !== null) return stopped;
  const change = await findChange(context.db, changeId);
  const revision = change && (await findRevision(context.db, changeId, change.revision));
  if (!revision) return refuse('not_found', `expected a change, got \`${changeId}\`, which there is none of`);
  const { plan } = revision;
  await Promise.all([
    proveNow(context, { environment: plan.environment, targets: targetNames(plan) }),
    askPeers(context, ALL),
  ]);
  return transact(context.db, (tx) => beginIn(tx, context, call, { changeId, wish }));
}

async function beginIn(
  tx: Transaction,
  context: AppContext,
  call: Call,
  { changeId, wish }: { readonly changeId: string; readonly wish: StartRun },
): Promise<Outcome<WaitAnswer>> {
  const row = await lockChange(tx, changeId);
  const revision = row && (await findRevision(tx, changeId, row.revision));
  const { host, person } = call.actor;
  if (!row || !revision)
    return refuse('not_found', `expected a change, got \`${changeId}\`, which there is none of`);
  if (host === null) throw new Error('expected a proven bastion, got none');
  await queueForTurns(tx);
  const now = await clock(tx);
  const not =
    whyNotStart(call, row, revision, judgeSkew(wish.clock - now)) ?? whyTooPrivileged(host, wish.privileges);
  const before = await waitByKey(tx, changeId, wish.idempotencyKey);
  if (not === null && before) return again(tx, context, call, { row, wait: before, wish });
  const refused = not ?? (await whyTaken(tx, changeId, now));
  if (refused !== null) return recordedRefusal(tx, context, call, { row, refused });
  await acknowledge(tx, changeId, person, wish.acknowledges);
  const judged = await previewStart(tx, context, call, { changeId, multiplexer: wish.multiplexer });
  const { until, lasting } = waitedOut(judged.decision, now);
  if (until === null || lasting.length > 0)
    return recordedRefusal(tx, context, call, { row, refused: refusedBy(judged) });
  const { waitLeaseMs: leaseMs } = timingOf(context);
  const asked = { changeId, key: wish.idempotencyKey, person, host, clearsAt: until, leaseMs };
  const wait = await insertWait(tx, asked);
  await recordWait(tx, context, call, { row, event: began(wait) });
  return done(answerOf(context, wait, { turn: false, until, judged }));
}

/** Its executor waits no longer. */
export async function leaveWait(
  context: AppContext,
  call: Call,
  { changeId, id }: WaitOf,
  { outcome }: EndOfWait,
): Promise<Outcome<null>> {
  return transact(context.db, async (tx) => {
    await queueForTurns(tx);
    const held = await heldBy(tx, call, { changeId, id });
    if (!held.ok) return held;
    const { wait, row } = held.value;
    await endWait(tx, id, outcome);
    const reason = outcome === 'refused' ? 'refused at its turn' : undefined;
    await recordWait(tx, context, call, { row, event: waitEnded(wait.id, outcome, reason) });
    return done(null);
  });
}

async function again(
  tx: Transaction,
  context: AppContext,
  call: Call,
  { row, wait, wish }: { readonly row: ChangeRow; readonly wait: WaitRow; readonly wish: StartRun },
): Promise<Outcome<WaitAnswer>> {
  const held = await heldBy(tx, call, { changeId: row.id, id: wait.id });
  if (!held.ok) return held;
  const judged = await previewStart(tx, context, call, { changeId: row.id, multiplexer: wish.multiplexer });
  const turn = (await turnOf(tx, wait.id)) !== null;
  return done(answerOf(context, wait, { turn, until: wait.clears_at.getTime(), judged }));
}

/** One waits for a change. One that was not heard in time, and is only not yet marked so, is in nobody's way after a beat. */
async function whyTaken(tx: Transaction, changeId: string, now: number): Promise<Refused | null> {
  const other = await liveWaitOf(tx, changeId);
  if (!other) return null;
  const { id, person, host, lease_expires_at: until } = other;
  const gone = until.getTime() < now ? ', which was not heard in time: try again in a moment' : '';
  return refuse(
    'conflict',
    `expected nobody to wait for ${changeId}, got ${id} of ${person} on ${host}${gone}`,
  );
}

async function recordedRefusal(
  tx: Transaction,
  context: AppContext,
  call: Call,
  { row, refused }: { readonly row: ChangeRow; readonly refused: Refused },
): Promise<Refused> {
  const { code, because: reason } = refused.refusal;
  const event = {
    type: 'run.wait-refused',
    action: 'wait',
    outcome: 'deny',
    reason,
    details: { code },
  } as const;
  await recordWait(tx, context, call, { row, event });
  return refused;
}

function began({ id, person, host, clears_at: clears }: WaitRow) {
  const reason = `${person} waits on ${host} until ${clears.toISOString()}`;
  return { type: 'run.wait-began', action: 'wait', outcome: 'allow', reason, details: { wait: id } } as const;
}
