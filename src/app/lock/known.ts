import type { Queries } from '../../store/database.ts';
import { listLocks } from '../../store/locks.ts';
import type { AppContext } from '../context.ts';

/** Whether a lock of this id stands in the policy or was made here and has not ended. */
export async function isKnownLock(db: Queries, context: AppContext, id: string): Promise<boolean> {
  if (context.policy.file.locks.some((lock) => lock.id === id)) return true;
  return (await listLocks(db)).some((lock) => lock.id === id);
}
