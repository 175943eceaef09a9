import type { ChangeSummary, ScheduleChange } from '../../contract/changes.ts';
import type { DecisionDocument } from '../../contract/decision.ts';
import { setSlot } from '../../store/changes.ts';
import { transact } from '../../store/database.ts';
import type { Call } from '../actor.ts';
import { carryOut, entryBase, record } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { decideChange, refusedBy } from '../decide.ts';
import { done, type Outcome } from '../outcome.ts';
import { hostFacts } from './host.ts';
import { proveFor } from './show.ts';
import { holdFor } from './standing.ts';
import { summaryOf } from './view.ts';

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
    await setSlot(tx, id, { slot, accepted: false, onCalendar: false, state: 'unscheduled' });
    return done({
      value: { change: await summaryOf(tx, id), decision: null },
      reason: slot ? `tentative slot ${slotText(slot)}` : 'no slot',
      digests: { plan: held.row.digest },
    });
  });
  return outcome.ok ? done(outcome.value.value) : outcome;
}

/** Accepts what the verdict allows. A refusal of the verdict stays in the record; nothing else is changed by it. */
async function accept(context: AppContext, call: Call, id: string, slot: Slot): Promise<Outcome<Scheduled>> {
  await proveFor(context, id);
  const base = {
    ...entryBase(context, call),
    action: 'schedule',
    object: `change/${id}`,
    before: null,
    after: null,
  };
  return transact(context.db, async (tx): Promise<Outcome<Scheduled>> => {
    const held = await holdFor(tx, call, id, 'schedule');
    if (!held.ok) {
      const { code, because } = held.refusal;
      await record(tx, {
        ...base,
        type: 'change.scheduled',
        outcome: 'deny',
        reason: because,
        details: { code },
      });
      return held;
    }
    const host = hostFacts(call.actor, null);
    const judged = await decideChange(tx, context, call, { action: 'schedule', changeId: id, host, slot });
    if (!judged.decision.allowed) return refusedBy(judged);
    const dated = slot !== null;
    await setSlot(tx, id, { slot, accepted: dated, onCalendar: dated, state: 'scheduled' });
    await record(tx, {
      ...base,
      type: 'change.scheduled',
      outcome: 'allow',
      reason: dated ? `scheduled for ${slotText(slot)}` : 'scheduled without a date',
      digests: { plan: held.row.digest, facts: judged.document.facts },
      details: { decision: judged.index.toString() },
    });
    return done({ change: await summaryOf(tx, id), decision: judged.document });
  });
}

function slotText({ start, end }: NonNullable<Slot>): string {
  return `${start.toISOString()} to ${end.toISOString()}`;
}
