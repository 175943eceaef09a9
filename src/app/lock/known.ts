import { clock } from '../../store/clock.ts';
import type { Transaction } from '../../store/database.ts';
import type { LockKind } from '../../kernel/policy/facts.ts';
import { versionsOf } from '../../store/locks.ts';
import type { AppContext } from '../context.ts';
import { byLock, inForce } from './view.ts';

/** The kind of a lock that stands in the policy or was made here and has not ended; `null` if there is none. */
export async function kindOfLock(tx: Transaction, context: AppContext, id: string): Promise<LockKind | null> {
  const ofPolicy = context.policy.file.locks.find((lock) => lock.id === id);
  if (ofPolicy) return ofPolicy.kind;
  const [versions] = byLock(await versionsOf(tx, id));
  if (!versions) return null;
  const lock = inForce(versions) ?? versions[0];
  return lock.end !== null && lock.end.getTime() <= (await clock(tx)) ? null : lock.kind;
}
