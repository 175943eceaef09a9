import { sql } from 'kysely';
import type { Transaction } from './database.ts';

/**
 * Runs `work` inside a transaction so that what it wrote can be undone while the transaction goes on: kept where `keep`
 * says so of its result, undone otherwise. Where it throws nothing is decided here: the transaction is broken.
 */
export async function keepOrUndo<T>(
  tx: Transaction,
  work: () => Promise<T>,
  keep: (result: T) => boolean,
): Promise<T> {
  unwaited(sql`savepoint work`.execute(tx));
  const result = await work();
  unwaited((keep(result) ? sql`release savepoint work` : sql`rollback to savepoint work`).execute(tx));
  return result;
}

/** It is carried out before whatever is asked next; where it fails the transaction is broken, and nothing behind it or its commit succeeds. */
function unwaited(asked: Promise<unknown>): void {
  asked.catch(() => undefined);
}
