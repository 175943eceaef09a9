import { ledgerEntry } from '../contract/ledger.ts';
import type { EntryQuery, LedgerPage } from '../contract/ledger.ts';
import { readEntries, readEntriesOf, readNewestEntries, type StoredEntry } from '../store/ledger.ts';
import type { Queries } from '../store/database.ts';
import type { Ledger } from './ledger.ts';

/** Entries in their order or from the newest back, at most `limit`, and where the next page begins. */
export async function readEntryPage({ db }: Pick<Ledger, 'db'>, query: EntryQuery): Promise<LedgerPage> {
  const { limit } = query;
  const rows = await rowsOf(db, { ...query, limit: limit + 1 });
  const entries = rows.slice(0, limit).map((row) => ({
    index: row.index.toString(),
    entry: ledgerEntry.parse(JSON.parse(row.entry)),
  }));
  return { entries, next: rows[limit]?.index.toString() ?? null };
}

function rowsOf(db: Queries, { from, limit, object, order }: EntryQuery): Promise<StoredEntry[]> {
  if (order === 'newest') return readNewestEntries(db, { from, limit, object });
  return object === undefined
    ? readEntries(db, from ?? 0n, limit)
    : readEntriesOf(db, object, { from: from ?? 0n, limit });
}
