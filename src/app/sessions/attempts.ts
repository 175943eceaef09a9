import { countAttempt } from '../../store/sessions.ts';
import type { AppContext } from '../context.ts';

const WINDOW_SECONDS = 15 * 60;
const MOST = { account: 20, address: 60 } as const;

/**
 * Counts an attempt to prove oneself, under `account:NAME` or `address:IP`, and says whether it may go on. Counted in the
 * database before anything is compared, so that neither replicas nor restarts give more.
 */
export async function attemptAllowed(
  context: AppContext,
  key: `account:${string}` | `address:${string}`,
): Promise<boolean> {
  const most = key.startsWith('account:') ? MOST.account : MOST.address;
  return (await countAttempt(context.db, key, WINDOW_SECONDS)) <= most;
}
