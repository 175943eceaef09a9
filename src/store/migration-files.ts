import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** One numbered file of SQL. */
export interface Migration {
  readonly number: number;
  /** Without the ending: `0001-ledger`. */
  readonly name: string;
  readonly sql: string;
  /** `sha256:<hex>` of the bytes. */
  readonly digest: string;
}

const NAME = /^(\d{4})-[a-z0-9-]+\.sql$/;

/** Reads a folder of migrations in the order of their numbers. Throws where a name does not fit or a number comes twice. */
export function readMigrations(directory: string, digest: (bytes: Uint8Array) => string): Migration[] {
  const files = readdirSync(directory)
    .toSorted()
    .map((file) => readMigration(directory, file, digest));
  const twice = files.find((file, index) => files[index - 1]?.number === file.number);
  if (twice !== undefined) {
    throw new Error(`expected one migration a number, got two with the number of \`${twice.name}\``);
  }
  return files;
}

function readMigration(directory: string, file: string, digest: (bytes: Uint8Array) => string): Migration {
  const number = NAME.exec(file)?.[1];
  if (number === undefined) {
    throw new Error(`expected migrations to be named such as \`0001-ledger.sql\`, got \`${file}\``);
  }
  const bytes = readFileSync(join(directory, file));
  return {
    number: Number(number),
    name: file.slice(0, -'.sql'.length),
    sql: bytes.toString('utf8'),
    digest: digest(bytes),
  };
}

/** The package's own folder: two levels up in a checkout, three in a published build. */
export function migrationsDirectory(): string {
  const near = fileURLToPath(new URL('../../migrations', import.meta.url));
  return existsSync(near) ? near : fileURLToPath(new URL('../../../migrations', import.meta.url));
}
