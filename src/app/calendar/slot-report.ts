import type { SlotAnswer, SlotReport, SlotWarning } from '../../contract/calendar.ts';
import { clock } from '../../store/clock.ts';
import { transact, type Transaction } from '../../store/database.ts';
import { findChange, findRevision, type ChangeRow, type RevisionRow } from '../../store/changes.ts';
import { shiftsBetween } from '../../store/rota.ts';
import { slotsBetween, type SlotRow } from '../../store/slots.ts';
import { workdayOf } from '../../store/workdays.ts';
import { locksInForce } from '../lock/occurrences.ts';
import type { Call } from '../actor.ts';
import { hostFacts } from '../change/host.ts';
import { noChange, questionFor } from '../change/show.ts';
import type { AppContext } from '../context.ts';
import { previewChange } from '../decide.ts';
import { lookAtMonitoring } from '../monitoring/look.ts';
import { nextOpenings } from './openings.ts';
import { slotView } from './slot-view.ts';
import { slotWarnings } from './warnings.ts';
import { workdayWarnings } from './workday.ts';

/** A request, and the slot that is asked about. */
export interface SlotQuestion {
  readonly row: ChangeRow;
  readonly revision: RevisionRow;
  readonly slot: { readonly start: Date; readonly end: Date };
}

/** What there is to know of a slot before it is asked for, with the verdict on it as it stands. Nothing is recorded. */
export async function previewSlot(
  context: AppContext,
  call: Call,
  id: string,
  slot: { readonly start: number; readonly end: number },
): Promise<SlotAnswer> {
  const looked = await questionFor(context, id);
  const proven = looked && (await lookAtMonitoring(context, looked));
  return transact(
    context.db,
    async (tx) => {
      const row = await findChange(tx, id);
      const revision = row && (await findRevision(tx, id, row.revision));
      if (!row || !revision) throw noChange(id);
      const span = { start: new Date(slot.start), end: new Date(slot.end) };
      const report = await slotReport(tx, context, { row, revision, slot: span });
      const { document } = await previewChange(tx, context, call, {
        action: 'schedule',
        changeId: id,
        host: hostFacts(call.actor, null),
        slot: span,
        ...(proven && { proven }),
      });
      return { ...report, decision: document };
    },
    { isolation: 'repeatable read', readOnly: true },
  );
}

/** The same within a transaction that may go on to take it. */
export async function slotReport(
  tx: Transaction,
  context: AppContext,
  question: SlotQuestion,
): Promise<SlotReport> {
  const { policy } = context.policy;
  const { row, revision, slot } = question;
  const [start, end] = [slot.start.getTime(), slot.end.getTime()];
  const now = await clock(tx);
  const nearMs = context.policy.file.limits.nearChange;
  const until = new Date(now + policy.limits.nextOpeningMs);
  const others = await otherSlots(tx, row, {
    from: new Date(Math.min(now, start - nearMs)),
    to: until,
    end,
    nearMs,
  });
  const locks = await locksInForce(tx, row.environment, {
    start: Math.min(now, start - DAY_MS),
    end: Math.max(until.getTime(), end + DAY_MS) + (end - start),
  });
  const shifts = await shiftsBetween(tx, slot.start, slot.end);
  const onSame = others.filter((other) => isOnSame(other, row));
  const around = { start, end, environment: row.environment, near: others, nearMs, locks };
  const eoc = shifts.filter(({ rota }) => rota === 'eoc');
  return {
    conflicts: conflictsIn(onSame, slot).map(slotView),
    warnings: [
      ...slotWarnings(policy, { ...around, eoc }),
      ...(await executorsDay(tx, row.executor, { start, end })),
    ],
    openings: nextOpenings(policy, {
      plan: revision.plan,
      lengthMs: end - start,
      now,
      locks,
      taken: onSame.map((other) => ({ start: other.start.getTime(), end: other.end.getTime() })),
    }),
  };
}

const DAY_MS = 86_400_000;

/** Other requests in the same environment that have not ended, as far as a warning or an opening looks. */
async function otherSlots(
  tx: Transaction,
  { id, environment }: ChangeRow,
  span: { readonly from: Date; readonly to: Date; readonly end: number; readonly nearMs: number },
): Promise<SlotRow[]> {
  const to = new Date(Math.max(span.to.getTime(), span.end + span.nearMs));
  const rows = await slotsBetween(tx, { from: span.from, to, environment });
  return rows.filter((other) => other.id !== id && LIVE.has(other.state));
}

const LIVE: ReadonlySet<string> = new Set(['unscheduled', 'scheduled', 'in-progress']);

function isOnSame(other: SlotRow, { services }: Pick<ChangeRow, 'services'>): boolean {
  return other.services.some((service) => services.includes(service));
}

function conflictsIn(onSame: readonly SlotRow[], slot: SlotQuestion['slot']): readonly SlotRow[] {
  return onSame.filter((other) => other.start < slot.end && slot.start < other.end);
}

async function executorsDay(
  tx: Transaction,
  executor: string,
  slot: { readonly start: number; readonly end: number },
): Promise<SlotWarning[]> {
  const workday = await workdayOf(tx, executor);
  return workday ? workdayWarnings(executor, workday, slot) : [];
}
