import type { ChangeRecord, EditChange } from '../../contract/changes.ts';
import type { PlanPart } from '../../kernel/change/part.ts';
import { differenceLines, differencesOf } from '../../plan/difference.ts';
import { changedParts } from '../../plan/digest.ts';
import { addRevision, findChange, setSlot, type ChangeRow, type RevisionRow } from '../../store/changes.ts';
import type { Transaction } from '../../store/database.ts';
import type { Call } from '../actor.ts';
import { carryOut, type Result } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import { askExceptions } from './ask-exceptions.ts';
import { written } from './difference.ts';
import { whyNotLowered } from './lowering.ts';
import { partsOf } from './parts.ts';
import type { PlanRead } from './read-plan.ts';
import { settleWords } from './settle-words.ts';
import { holdFor } from './standing.ts';
import { changeView, resultOf } from './view.ts';

/**
 * Adds a revision. An edit of something material makes another digest: it voids the words that look at what it touches, carries
 * the others, and takes the acceptance of the slot back, for the verdict was about another plan. A cosmetic one leaves all as
 * it is.
 */
export async function editChange(
  context: AppContext,
  call: Call,
  id: string,
  sent: EditChange,
): Promise<Outcome<ChangeRecord>> {
  const deed = { type: 'change.edited', action: 'edit', object: `change/${id}` };
  const read = await context.readPlan(sent);
  const outcome = await carryOut(context, call, deed, async (tx): Promise<Outcome<Result<ChangeRecord>>> => {
    const held = await holdFor(tx, call, id, 'edit');
    if (!held.ok) return held;
    const { row, revision: before } = held;
    if (row.version !== BigInt(sent.version)) {
      return refuse('stale', `expected version ${row.version} of \`${id}\`, got an edit of ${sent.version}`);
    }
    if (!read.ok) return read;
    const { outline, revision } = read.value;
    const lowered = await whyNotLowered(tx, row, outline);
    if (lowered) return lowered;
    await addRevision(tx, id, outline, { ...revision, revision: row.revision + 1, by: call.actor.person });
    const changed = changedParts(partsOf(before), partsOf(revision));
    if (outline.digest !== row.digest)
      await settleEdit(tx, context, call, { row, before, read: read.value, changed });
    const after = await findChange(tx, id);
    if (!after) throw new Error(`expected the change \`${id}\` that is held, got none`);
    const reason = `edited: ${changed.join(', ') || 'nothing material'}`;
    return done(resultOf(after, await changeView(tx, after), { before: row.digest, reason }));
  });
  return outcome.ok ? done(outcome.value.value) : outcome;
}

interface MaterialEdit {
  readonly row: ChangeRow;
  readonly before: RevisionRow;
  readonly read: PlanRead;
  readonly changed: readonly PlanPart[];
}

async function settleEdit(
  tx: Transaction,
  context: AppContext,
  call: Call,
  { row, before, read, changed }: MaterialEdit,
): Promise<void> {
  const differences = differenceLines(differencesOf(written(before), written(read.revision), changed));
  const { id, digest: from } = row;
  const { digest: to } = read.outline;
  const revision = row.revision + 1;
  await settleWords(tx, context, call, { changeId: id, revision, from, to, changed, differences });
  await askExceptions(tx, row, call.actor.person, read);
  if (row.state === 'scheduled') await takeAcceptanceBack(tx, row);
}

async function takeAcceptanceBack(tx: Transaction, row: ChangeRow): Promise<void> {
  const slot = row.slot_start && row.slot_end ? { start: row.slot_start, end: row.slot_end } : null;
  await setSlot(tx, row.id, { slot, accepted: false, onCalendar: false, state: 'unscheduled' });
}
