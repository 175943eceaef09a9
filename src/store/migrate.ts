import { createHash } from 'node:crypto';
import { Client, DatabaseError } from 'pg';
import type { Database } from './database.ts';
import { migrationsDirectory, readMigrations, type Migration } from './migration-files.ts';

/** A database that does not fit this program. The message is one line for the operator. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
}

interface Applied {
  readonly number: number;
  readonly name: string;
  readonly digest: string;
}

/** "interlock" in ASCII, cut to fit: one at a time migrates a database, the others wait and then find nothing to do. */
const LOCK = '7595439420851743084';

/**
 * Brings the database to this program's state: every file of `migrations/` that is not applied yet, in order, one
 * transaction each. Safe when many start at once. Throws `MigrationError` where an applied file was edited or is gone,
 * where one was slipped in before the last applied, or where a newer program has migrated further.
 * Works on a connection of its own, as the role of the address. Resolves to the names of what it applied.
 */
export async function migrate(db: Database, directory: string = migrationsDirectory()): Promise<string[]> {
  const files = readMigrations(directory, digest);
  const client = new Client({ connectionString: db.url, application_name: 'interlock migrate' });
  // Its error reaches the pending query as well; without a listener it would also end the process.
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query(`set timezone = 'UTC'; set client_min_messages = warning`);
    await client.query('select pg_advisory_lock($1)', [LOCK]);
    return await applyMissing(client, files);
  } finally {
    await client.end();
  }
}

async function applyMissing(client: Client, files: readonly Migration[]): Promise<string[]> {
  await client.query(`
    create table if not exists schema_migrations (
      number integer primary key,
      name text not null unique,
      digest text not null,
      applied_at timestamptz not null default now()
    )`);
  const { rows } = await client.query<Applied>(
    'select number, name, digest from schema_migrations order by number',
  );
  checkApplied(rows, files);
  const done = new Set(rows.map((row) => row.number));
  const missing = files.filter((file) => !done.has(file.number));
  for (const file of missing) await apply(client, file);
  return missing.map((file) => file.name);
}

async function apply(client: Client, file: Migration): Promise<void> {
  try {
    await client.query('begin');
    await client.query(file.sql);
    await client.query('insert into schema_migrations (number, name, digest) values ($1, $2, $3)', [
      file.number,
      file.name,
      file.digest,
    ]);
    await client.query('commit');
  } catch (cause) {
    const got = cause instanceof Error ? cause.message : String(cause);
    throw new MigrationError(
      `expected migration \`${file.name}\` to apply, got \`${got}\`${place(cause, file)}`,
      {
        cause,
      },
    );
  }
}

/** The server tells the position in characters, from 1. */
function place(cause: unknown, file: Migration): string {
  const position = cause instanceof DatabaseError ? Number(cause.position) : Number.NaN;
  if (Number.isNaN(position)) return '';
  return ` at line ${file.sql.slice(0, position - 1).split('\n').length}`;
}

function checkApplied(applied: readonly Applied[], files: readonly Migration[]): void {
  const newest = files.at(-1)?.number ?? 0;
  const last = applied.at(-1);
  if (last !== undefined && last.number > newest) {
    throw new MigrationError(
      `expected a database of this program's version, got one that a newer program has migrated to \`${last.name}\`: start that version or newer`,
    );
  }
  for (const row of applied)
    checkOne(
      row,
      files.find((file) => file.number === row.number),
    );
  const late = files.find(
    (file) => file.number < (last?.number ?? 0) && !applied.some((row) => row.number === file.number),
  );
  if (late !== undefined) {
    throw new MigrationError(
      `expected new migrations after \`${last?.name}\`, got \`${late.name}\`, which comes before it: give it a higher number`,
    );
  }
}

function checkOne(row: Applied, file: Migration | undefined): void {
  if (file === undefined) {
    throw new MigrationError(
      `expected the file of migration \`${row.name}\`, which is applied, got none: restore it`,
    );
  }
  if (file.name !== row.name || file.digest !== row.digest) {
    throw new MigrationError(
      `expected migration \`${row.name}\` as it was applied, got an edited \`${file.name}\`: restore it and write a new migration`,
    );
  }
}

function digest(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
