import type { ChangeRow } from '../../store/changes.ts';
import type { ExceptionRow } from '../../store/exceptions.ts';

/** Rules about time: an exception to them is of one slot, not of whichever comes next. */
export const OF_THE_SLOT: readonly string[] = ['allowed-hours', 'in-slot'];

/** Whether an exception is of the request as it is now: its plan and, where its rule is about time, its slot. */
export function isCurrentException(
  { digest, rule, slot_edition }: Pick<ExceptionRow, 'digest' | 'rule' | 'slot_edition'>,
  row: Pick<ChangeRow, 'digest' | 'slot_edition'>,
): boolean {
  return digest === row.digest && (!OF_THE_SLOT.includes(rule) || slot_edition === row.slot_edition);
}
