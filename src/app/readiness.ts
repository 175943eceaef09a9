import type { Ready } from '../contract/health.ts';
import { missingMigrations } from '../store/missing-migrations.ts';
import type { AppContext } from './context.ts';
import { whyFrozen } from './ledger-freeze.ts';
import { whySuperseded } from './policy-in-force.ts';

/** Whether each part works without which nothing can be decided. Never throws. */
export async function readiness(context: AppContext): Promise<Omit<Ready, 'status'>> {
  try {
    const missing = await missingMigrations(context.db);
    // What another server found stands in a table of a migration.
    const frozen = missing.length > 0 ? context.ledger.frozen : await whyFrozen(context, context.db);
    return {
      database: 'ok',
      migrations: missing.length === 0 ? 'ok' : 'unavailable',
      ledger: frozen === null ? 'ok' : 'unavailable',
      policy:
        missing.length === 0 && (await whySuperseded(context, context.db)) === null ? 'ok' : 'unavailable',
    };
  } catch {
    const ledger = context.ledger.frozen === null ? 'ok' : 'unavailable';
    return { database: 'unavailable', migrations: 'unavailable', ledger, policy: 'unavailable' };
  }
}
