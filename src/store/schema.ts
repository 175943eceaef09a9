import type { ColumnType } from 'kysely';
import type { LedgerTables } from './ledger-tables.ts';

interface SchemaMigrations {
  number: number;
  name: string;
  digest: string;
  applied_at: ColumnType<Date, never, never>;
}

/** The tables as the query builder sees them: one interface a table, named in `Schema`, drift-tested against the catalogs. */
export interface Schema extends LedgerTables {
  schema_migrations: SchemaMigrations;
}
