import type { ChangeSummary, ScheduleChange } from '../../contract/changes.ts';
import type { DecisionDocument } from '../../contract/decision.ts';
import { findChange, setSlot, setState } from '../../store/changes.ts';
import { transact, type Transaction } from '../../store/database.ts';
import type { Call } from '../actor.ts';
import { carryOut, entryBase, record } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { decideChange, refusedBy } from '../decide.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import { hostFacts } from './host.ts';
import { proveFor } from './show.ts';
import { holdFor } from './standing.ts';
import { changeSummary } from './view.ts';

type Slot = { readonly start: Date; readonly end: Date } | null;
type Scheduled = { readonly change: ChangeSummary; readonly decision: DecisionDocument | null };

/** Gives a request its slot: pencilled in, or accepted if the verdict at `schedule` allows it. */
export async function scheduleChange(
  context: AppContext,
  call: Call,
  id: string,
  { slot: wanted, tentative }: ScheduleChange,
): Promise<Outcome<Scheduled>> {
  const slot = wanted && { start: new Date(wanted.start), end: new Date(wanted.end) };
  return tentative ? pencilIn(context, call, id, slot) : accept(context, call, id, slot);
}

async function pencilIn(
  context: AppContext,
  call: Call,
  id: string,
  slot: Slot,
): Promise<Outcome<Scheduled>> {
  const deed = { type: 'change.slot-proposed', action: 'propose-slot', object: `change/${id}` };
  const outcome = await carryOut(context, call, deed, async (tx) => {
    const held = await holdFor(tx, call, id, 'schedule');
    if (!held.ok) return held;
    await setSlot(tx, id, { slot, accepted: false, onCalendar: false });
    if (held.row.state === 'scheduled') await setState(tx, id, 'unscheduled');
    return done({
      value: { change: await summaryOf(tx, id), decision: null },
      reason: slot ? `tentative slot ${slotText(slot)}` : 'no slot',
    });
  });
  return outcome.ok ? done(outcome.value.value) : outcome;
}

async function accept(context: AppContext, call: Call, id: string, slot: Slot): Promise<Outcome<Scheduled>> {
  await proveFor(context, id);
  return transact(context.db, async (tx): Promise<Outcome<Scheduled>> => {
    const held = await holdFor(tx, call, id, 'schedule');
    if (!held.ok) return held;
    const host = hostFacts(call.actor, null);
    const judged = await decideChange(tx, context, call, { action: 'schedule', changeId: id, host, slot });
    // The refusal is recorded, and nothing else is changed.
    if (!judged.decision.allowed) return refusedBy(judged);
    await setSlot(tx, id, { slot, accepted: slot !== null, onCalendar: slot !== null });
    await setState(tx, id, 'scheduled');
    await record(tx, {
      ...entryBase(context, call),
      type: 'change.scheduled',
      action: 'schedule',
      object: `change/${id}`,
      outcome: 'allow',
      reason: slot ? `scheduled for ${slotText(slot)}` : 'scheduled without a date',
      before: null,
      after: null,
      digests: { plan: held.row.digest, facts: judged.document.facts },
      details: { decision: judged.index.toString() },
    });
    return done({ change: await summaryOf(tx, id), decision: judged.document });
  });
}

async function summaryOf(tx: Transaction, id: string): Promise<ChangeSummary> {
  const row = await findChange(tx, id);
  if (!row) throw new Error(`expected the change \`${id}\` that is held, got none`);
  return changeSummary(row);
}

function slotText({ start, end }: NonNullable<Slot>): string {
  return `${start.toISOString()} to ${end.toISOString()}`;
}

/** Ends a request that has not begun: its people cancel it, those who answer for production reject it. */
export async function closeChange(
  context: AppContext,
  call: Call,
  id: string,
  act: 'cancel' | 'reject',
): Promise<Outcome<ChangeSummary>> {
  const state = act === 'cancel' ? 'cancelled' : 'rejected';
  const deed = { type: `change.${state}`, action: act, object: `change/${id}` };
  const outcome = await carryOut(context, call, deed, async (tx) => {
    const held = await holdFor(tx, call, id, act);
    if (!held.ok) return held;
    await setState(tx, id, state);
    const row = await findChange(tx, id);
    if (!row) return refuse('internal', `expected the change \`${id}\` that is held, got none`);
    return done({
      value: changeSummary(row),
      reason: `${state} while ${held.row.state}`,
      digests: { plan: row.digest },
    });
  });
  return outcome.ok ? done(outcome.value.value) : outcome;
}
