import { transact } from '../store/database.ts';
import { loginOf, type Call } from './actor.ts';
import { entryBase, record } from './carry-out.ts';
import type { AppContext } from './context.ts';

/** Records that a known caller was turned away before anything was looked at. */
export async function recordDenied(
  context: AppContext,
  call: Call,
  route: string,
  because: string,
): Promise<void> {
  await transact(context.db, async (tx) => {
    const way = loginOf(call.actor);
    await record(tx, {
      ...entryBase(context, call),
      type: 'access.denied',
      action: 'call',
      object: `route/${route}`,
      outcome: 'deny',
      reason: because,
      before: null,
      after: null,
      ...(way && { details: way }),
    });
  });
}
