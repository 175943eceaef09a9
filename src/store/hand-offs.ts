import type { HandOff } from '../contract/runs.ts';
import type { Transaction } from './database.ts';

/** Keeps the hand-off note of a change; the first one stands. */
export async function insertHandOff(
  tx: Transaction,
  note: HandOff & { readonly changeId: string; readonly runId: string; readonly person: string },
): Promise<boolean> {
  const kept = await tx
    .insertInto('hand_offs')
    .values({
      change_id: note.changeId,
      run_id: note.runId,
      state: note.state,
      silences: note.silences,
      graphs: note.graphs,
      person: note.person,
    })
    .onConflict((conflict) => conflict.column('change_id').doNothing())
    .returning('change_id')
    .executeTakeFirst();
  return kept !== undefined;
}

/** Writes down which running changes a starter says to know of. */
export async function acknowledge(
  tx: Transaction,
  changeId: string,
  person: string,
  running: readonly string[],
): Promise<void> {
  if (running.length === 0) return;
  await tx
    .insertInto('start_acknowledgements')
    .values(running.map((running_change) => ({ change_id: changeId, running_change, person })))
    .onConflict((conflict) => conflict.columns(['change_id', 'running_change']).doNothing())
    .execute();
}
