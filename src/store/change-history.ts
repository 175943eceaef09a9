import { sql } from 'kysely';
import type { RevisionRow } from './changes.ts';
import type { Queries } from './database.ts';
import type { StoredEntry } from './ledger.ts';

/** At most `limit` entries about a request and what belongs to it, in order from index `from` on. */
export async function historyOf(
  db: Queries,
  id: string,
  { from, limit }: { readonly from: bigint; readonly limit: number },
): Promise<StoredEntry[]> {
  const { rows } = await sql<StoredEntry>`
    with objects as (
      select 'change/' || ${id} as object
      union all select 'run/' || id from runs where change_id = ${id}
      union all select 'veto/' || id from vetoes where change_id = ${id}
      union all select 'task/' || id from tasks where change_id = ${id}
    )
    select index, entry from objects, lateral (
      select index, entry from ledger_entries where ledger_entries.object = objects.object and index >= ${from}
      order by index limit ${limit}
    ) as of_object
    order by index limit ${limit}`.execute(db);
  return rows;
}

/** At most `limit` revisions of a request below a number, the newest first. */
export async function revisionsOf(
  db: Queries,
  id: string,
  { before, limit }: { readonly before: number; readonly limit: number },
): Promise<Pick<RevisionRow, 'revision' | 'digest' | 'parts' | 'by' | 'at'>[]> {
  const { rows } = await sql<Pick<RevisionRow, 'revision' | 'digest' | 'parts' | 'by' | 'at'>>`
    select revision, digest, parts, by, at from change_revisions
    where change_id = ${id} and revision < ${before} order by revision desc limit ${limit}`.execute(db);
  return rows;
}
