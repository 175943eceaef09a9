import { readdirSync } from 'node:fs';
import { migrationsDirectory } from './migration-files.ts';
import type { Queries } from './database.ts';

/** The names of this program's migrations that the database does not have. */
export async function missingMigrations(
  db: Queries,
  directory: string = migrationsDirectory(),
): Promise<string[]> {
  const rows = await db.selectFrom('schema_migrations').select('name').execute();
  const applied = new Set(rows.map((row) => row.name));
  return readdirSync(directory)
    .filter((file) => file.endsWith('.sql'))
    .map((file) => file.slice(0, -'.sql'.length))
    .filter((name) => !applied.has(name))
    .toSorted();
}
