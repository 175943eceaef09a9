import { transact } from '../../store/database.ts';
import { tellLinkedAccounts } from '../../store/notices-told.ts';
import type { AppContext } from '../context.ts';

/**
 * Tells people their new notices at the accounts that they linked, where those can be talked to: each once, unless it was read before.
 * Gives how many were given to be told.
 */
export async function remindInChat({ db, connections }: AppContext): Promise<number> {
  const names = connections.all.filter(({ talk }) => talk).map(({ name }) => name);
  if (names.length === 0) return 0;
  return transact(db, (tx) => tellLinkedAccounts(tx, names));
}
