import { setSlot, type ChangeRow, type SlotOf } from '../../store/changes.ts';
import type { Transaction } from '../../store/database.ts';
import type { Call } from '../actor.ts';
import type { AppContext } from '../context.ts';
import { settleWords } from './settle-words.ts';

/** What is known of a request whose slot is set. */
export type Slotted = Pick<ChangeRow, 'id' | 'digest' | 'revision' | 'slot_start' | 'slot_end'>;

/** Sets the slot of a request that is held. Another slot voids the words that were given for the former one, or for none. */
export async function moveSlot(
  tx: Transaction,
  context: AppContext,
  call: Call,
  { row, to }: { readonly row: Slotted; readonly to: SlotOf },
): Promise<void> {
  const { id, digest, revision, slot_start, slot_end } = row;
  await setSlot(tx, id, to);
  const [before, after] = [
    text(slot_start && slot_end && { start: slot_start, end: slot_end }),
    text(to.slot),
  ];
  if (before === after) return;
  await settleWords(tx, context, call, {
    changeId: id,
    revision,
    from: digest,
    to: digest,
    changed: ['slot'],
    differences: [`slot: ${before} → ${after}`],
  });
}

function text(slot: SlotOf['slot']): string {
  return slot ? `${slot.start.toISOString()} to ${slot.end.toISOString()}` : 'nothing';
}
