import type { WaitAnswer, WaitHeartbeat } from '../../contract/waits.ts';
import { waitedOut } from '../../kernel/policy/waited-out.ts';
import { findRevision, type ChangeRow } from '../../store/changes.ts';
import { transact, type Transaction } from '../../store/database.ts';
import { beat, endWait, queueForTurns, takeTurn, turnOf, type WaitRow } from '../../store/waits.ts';
import type { Call } from '../actor.ts';
import type { AppContext } from '../context.ts';
import { whyNothingIsDone } from '../policy-in-force.ts';
import { refusedBy } from '../decide.ts';
import { done, refuse, type Outcome, type Refused } from '../outcome.ts';
import { whyNotStart } from './start.ts';
import { timingOf } from './timing.ts';
import { recordWait, waitEnded } from './wait-events.ts';
import { answerOf, heldBy, previewStart, type WaitOf } from './wait-held.ts';

/** A turn that is not used holds up everybody behind it: it is given up after so many paces. */
const TURN_LASTS_PACES = 10;

/** The executor is still there: hears whether it is its turn, and what it waits for otherwise. */
export async function beatWait(
  context: AppContext,
  call: Call,
  { changeId, id }: WaitOf,
  { multiplexer }: WaitHeartbeat,
): Promise<Outcome<WaitAnswer>> {
  const stopped = await whyNothingIsDone(context, context.db);
  if (stopped !== null) return stopped;
  return transact(context.db, async (tx) => {
    await queueForTurns(tx);
    const held = await heldBy(tx, call, { changeId, id });
    if (!held.ok) return held;
    const { wait, row, now } = held.value;
    const refuseNow = (refused: Refused) => endRefused(tx, context, call, { row, wait, refused });
    const revision = await findRevision(tx, changeId, row.revision);
    const not = revision && whyNotStart(call, row, revision, 'fine');
    if (!revision || not) return refuseNow(not ?? refuse('not_found', `expected a plan of ${changeId}`));
    return beatIn(tx, context, call, { wait, row, now, multiplexer, refuseNow });
  });
}

interface Beat {
  readonly wait: WaitRow;
  readonly row: ChangeRow;
  readonly now: number;
  readonly multiplexer: WaitHeartbeat['multiplexer'];
  readonly refuseNow: (refused: Refused) => Promise<Refused>;
}

async function beatIn(
  tx: Transaction,
  context: AppContext,
  call: Call,
  { wait, row, now, multiplexer, refuseNow }: Beat,
): Promise<Outcome<WaitAnswer>> {
  const { waitLeaseMs: leaseMs, startPaceMs } = timingOf(context);
  const judged = await previewStart(tx, context, call, { changeId: row.id, multiplexer });
  // What time does not clear is asked about at the turn: until then it may be put right.
  const { until } = waitedOut(judged.decision, now);
  if (until === null) return refuseNow(refusedBy(judged));
  const had = await turnOf(tx, wait.id);
  if (had !== null && now - had > TURN_LASTS_PACES * startPaceMs)
    return refuseNow(refuse('conflict', `expected ${row.id} to start at its turn, got none in time`));
  const open = until <= now;
  await beat(tx, wait.id, { clearsAt: until, open, leaseMs });
  const given = had === null && open && (await takeTurn(tx, wait.id, startPaceMs));
  if (given) await recordWait(tx, context, call, { row, event: turnGiven(wait) });
  return done(answerOf(context, wait, { turn: given || had !== null, until, judged }));
}

async function endRefused(
  tx: Transaction,
  context: AppContext,
  call: Call,
  { row, wait, refused }: { readonly row: ChangeRow; readonly wait: WaitRow; readonly refused: Refused },
): Promise<Refused> {
  await endWait(tx, wait.id, 'refused');
  const event = waitEnded(wait.id, 'refused', refused.refusal.because);
  await recordWait(tx, context, call, { row, event });
  return refused;
}

function turnGiven({ id, person }: WaitRow) {
  const reason = `it is the turn of ${person}`;
  return { type: 'run.turn-given', action: 'wait', outcome: 'allow', reason, details: { wait: id } } as const;
}
