import type { ChangeSummary, ScheduleChange } from '../../contract/changes.ts';
import type { SlotReport } from '../../contract/calendar.ts';
import type { DecisionDocument } from '../../contract/decision.ts';
import type { ChangeRow } from '../../store/changes.ts';
import { transact, type Transaction } from '../../store/database.ts';
import { lockCalendar } from '../../store/slots.ts';
import type { Call } from '../actor.ts';
import { slotReport } from '../calendar/slot-report.ts';
import { carryOut, entryBase, record } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { decideChange, refusedBy } from '../decide.ts';
import type { Judged } from '../record-decision.ts';
import { answeredBefore, keepAnswers } from '../once.ts';
import { done, refuse, type Outcome, type Refused } from '../outcome.ts';
import { hostFacts } from './host.ts';
import { moveSlot } from './move-slot.ts';
import { proveFor } from './show.ts';
import { holdFor } from './standing.ts';
import { summaryOf } from './view.ts';

type Slot = { readonly start: Date; readonly end: Date } | null;
type Scheduled = {
  readonly change: ChangeSummary;
  readonly decision: DecisionDocument | null;
  readonly report: SlotReport | null;
};
type Asked = { readonly slot: Slot; readonly acknowledged: readonly string[] };

/** Gives a request its slot: pencilled in, or accepted if the verdict at `schedule` allows it. */
export async function scheduleChange(
  context: AppContext,
  call: Call,
  id: string,
  { slot: wanted, tentative, acknowledgesConflicts: acknowledged }: ScheduleChange,
): Promise<Outcome<Scheduled>> {
  const slot = wanted && { start: new Date(wanted.start), end: new Date(wanted.end) };
  return tentative ? pencilIn(context, call, id, slot) : accept(context, call, id, { slot, acknowledged });
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
    await lockCalendar(tx);
    const to = { slot, accepted: false, onCalendar: false, state: 'unscheduled' } as const;
    await moveSlot(tx, context, call, { row: held.row, to });
    const report = slot && (await slotReport(tx, context, { ...held, slot }));
    return done({
      value: { change: await summaryOf(tx, id), decision: null, report },
      reason: slot ? `tentative slot ${slotText(slot)}` : 'no slot',
      digests: { plan: held.row.digest },
    });
  });
  return outcome.ok ? done(outcome.value.value) : outcome;
}

/** Accepts what the verdict allows. A refusal of the verdict stays in the record; nothing else is changed by it. */
async function accept(
  context: AppContext,
  call: Call,
  id: string,
  asked: Asked,
): Promise<Outcome<Scheduled>> {
  await proveFor(context, id);
  return transact(context.db, async (tx): Promise<Outcome<Scheduled>> => {
    const before = await answeredBefore<Scheduled>(tx, call);
    if (before) return before.ok ? done(before.value.value) : before;
    const stale = await call.condition?.(tx);
    const held = stale ?? (await holdFor(tx, call, id, 'schedule'));
    if (!held.ok) return refused(tx, context, call, { id, refusal: held });
    await lockCalendar(tx);
    const { slot } = asked;
    const report = slot && (await slotReport(tx, context, { ...held, slot }));
    const host = hostFacts(call.actor, null);
    const judged = await decideChange(tx, context, call, { action: 'schedule', changeId: id, host, slot });
    if (!judged.decision.allowed) return refusedBy(judged);
    const unnamed = unnamedConflicts(report, asked.acknowledged);
    if (unnamed) return refused(tx, context, call, { id, refusal: unnamed });
    const index = await settle(tx, context, call, { row: held.row, slot, report, judged });
    const value = { change: await summaryOf(tx, id), decision: judged.document, report };
    await keepAnswers(tx, [{ call, value, index }]);
    return done(value);
  });
}

interface Settled {
  readonly row: ChangeRow;
  readonly slot: Slot;
  readonly report: SlotReport | null;
  readonly judged: Judged;
}

async function settle(
  tx: Transaction,
  context: AppContext,
  call: Call,
  { row, slot, report, judged }: Settled,
): Promise<bigint> {
  const dated = slot !== null;
  const to = { slot, accepted: dated, onCalendar: dated, state: 'scheduled' } as const;
  await moveSlot(tx, context, call, { row, to });
  const conflicts = (report?.conflicts ?? []).map(({ change }) => change).join(' ');
  const { index } = await record(tx, {
    ...draftOf(context, call, row.id),
    outcome: 'allow',
    reason: dated ? `scheduled for ${slotText(slot)}` : 'scheduled without a date',
    digests: { plan: row.digest, facts: judged.document.facts },
    details: { decision: judged.index.toString(), ...(conflicts !== '' && { conflicts }) },
  });
  return index;
}

async function refused(
  tx: Transaction,
  context: AppContext,
  call: Call,
  { id, refusal }: { readonly id: string; readonly refusal: Refused },
): Promise<Refused> {
  const { code, because } = refusal.refusal;
  await record(tx, { ...draftOf(context, call, id), outcome: 'deny', reason: because, details: { code } });
  return refusal;
}

function draftOf(context: AppContext, call: Call, id: string) {
  const deed = { type: 'change.scheduled', action: 'schedule', object: `change/${id}` };
  return { ...entryBase(context, call), ...deed, before: null, after: null };
}

/** Who takes a slot in which others work on the same service says that they know of each of them. */
function unnamedConflicts(report: SlotReport | null, acknowledged: readonly string[]): Refused | null {
  const conflicts = (report?.conflicts ?? []).filter(({ change }) => !acknowledged.includes(change));
  if (conflicts.length === 0) return null;
  const names = conflicts.map(({ change }) => change).join(', ');
  return refuse(
    'conflict',
    `expected every request on the same service in this time to be acknowledged, got ${names} that are not (\`acknowledgesConflicts\`, \`--acknowledge\`)`,
    { conflicts },
  );
}

function slotText({ start, end }: NonNullable<Slot>): string {
  return `${start.toISOString()} to ${end.toISOString()}`;
}
