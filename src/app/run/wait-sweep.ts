import { findChange } from '../../store/changes.ts';
import { transact } from '../../store/database.ts';
import { endWait, queueForTurns, vanishedWaits } from '../../store/waits.ts';
import { systemCall } from '../actor.ts';
import type { AppContext } from '../context.ts';
import { recordWait, waitEnded } from './wait-events.ts';

/** Ends the waits whose executor was not heard in time. Called every second by each server; gives how many. */
export async function sweepWaits(context: AppContext): Promise<number> {
  return transact(context.db, async (tx) => {
    await queueForTurns(tx);
    const gone = await vanishedWaits(tx);
    for (const { id, change_id: changeId } of gone) {
      await endWait(tx, id, 'vanished');
      const row = await findChange(tx, changeId);
      if (!row) throw new Error(`expected ${changeId}, got none`);
      await recordWait(tx, context, systemCall('sweeper'), { row, event: waitEnded(id, 'vanished') });
    }
    return gone.length;
  });
}
