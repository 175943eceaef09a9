import { transact } from '../../store/database.ts';
import { lostRuns } from '../../store/runs.ts';
import { systemCall } from '../actor.ts';
import type { AppContext } from '../context.ts';
import { loseRunner } from './lose.ts';
import { recordEvents } from './record.ts';
import { openRunFile, saveRunFile } from './run-file.ts';
import { tellDuty } from './tell.ts';
import { timingOf } from './timing.ts';

const AT_ONCE = 100;

/**
 * Marks the runs whose runner's lease has ended: the step under way unknown, the run held, the people on duty told. Called
 * every second by each server; each run is looked at again under its lock, so any number of servers may. Gives how many.
 */
export async function sweepLeases(context: AppContext): Promise<number> {
  const ids = await lostRuns(context.db, AT_ONCE);
  let lost = 0;
  for (const id of ids) if (await sweepOne(context, id).catch(failedOn(context, id))) lost += 1;
  return lost;
}

/** One run that cannot be swept keeps no other from being swept. It stays as it is, and nobody goes on with it. */
function failedOn({ log }: AppContext, run: string): (error: unknown) => false {
  return (error) => {
    log.error({ run, error: String(error) }, 'a run whose runner was lost could not be marked so');
    return false;
  };
}

function sweepOne(context: AppContext, runId: string): Promise<boolean> {
  return transact(context.db, async (tx) => {
    const file = await openRunFile(tx, runId);
    if (file === null || file.run.endedAt !== null) return false;
    // The beat that renewed it came in between.
    if (file.run.leaseExpiresAt === null || file.run.leaseExpiresAt >= file.now) return false;
    const { file: next, event } = loseRunner(file, timingOf(context));
    const saved = await saveRunFile(tx, next);
    await tellDuty(tx, saved, 'runner-lost');
    await recordEvents(tx, context, systemCall('sweeper'), { run: saved.run, events: [event] });
    return true;
  });
}
