import type { Ready } from '../contract/health.ts';
import { missingMigrations } from '../store/missing-migrations.ts';
import type { AppContext } from './context.ts';

/** Whether each part works without which nothing can be decided. Never throws. */
export async function readiness(context: AppContext): Promise<Omit<Ready, 'status'>> {
  const ledger = context.ledger.frozen === null ? 'ok' : 'unavailable';
  try {
    const missing = await missingMigrations(context.db);
    return { database: 'ok', migrations: missing.length === 0 ? 'ok' : 'unavailable', ledger };
  } catch {
    return { database: 'unavailable', migrations: 'unavailable', ledger };
  }
}
