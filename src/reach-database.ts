import type { Config } from './config.ts';
import { AppError } from './contract/errors.ts';
import { sqlState } from './store/database.ts';
import { unavailableDatabase } from './store/unavailable.ts';

/** What an operator is told where the database that they named could not be used; any other error as it is. */
export function ofDatabase({ databaseUrl }: Config, cause: unknown): unknown {
  const wanted = databaseUrl === null ? null : wantedOf(cause);
  if (wanted === null) return cause;
  // The address may hold a password: it is not repeated.
  const got = cause instanceof Error ? cause.message || cause.name : String(cause);
  return new AppError('unavailable', `expected ${wanted} at DATABASE_URL, got \`${got}\``, { cause });
}

function wantedOf(cause: unknown): string | null {
  const state = sqlState(cause) ?? '';
  // Nothing answers, or whoever the address names is not let in (28) or finds no such database (3D).
  if (unavailableDatabase(cause) || /^(28|3D)/.test(state)) return 'a PostgreSQL that lets us in';
  // No such table or column, or no right to read it.
  return /^42(P01|703|501)/.test(state) ? 'the database of an Interlock of this version' : null;
}
