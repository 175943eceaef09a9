import { sql } from 'kysely';
import type { Queries, Transaction } from './database.ts';

/** The directory in force, as it was applied. */
export interface DirectoryRow {
  readonly document: unknown;
  readonly digest: string;
  readonly applied_at: Date;
  readonly applied_by: string;
}

export async function directoryInForce(db: Queries): Promise<DirectoryRow | undefined> {
  const { rows } = await sql<DirectoryRow>`
    select document, digest, applied_at, applied_by from directories order by id desc limit 1`.execute(db);
  return rows[0];
}

export async function insertDirectory(
  tx: Transaction,
  { document, digest, by }: { readonly document: unknown; readonly digest: string; readonly by: string },
): Promise<void> {
  await sql`
    insert into directories (document, digest, applied_by)
    values (${JSON.stringify(document)}::jsonb, ${digest}, ${by})`.execute(tx);
}
