import { ledgerEntry } from '../contract/ledger.ts';
import type { EntryQuery, LedgerPage } from '../contract/ledger.ts';
import { readEntries, readEntriesOf } from '../store/ledger.ts';
import type { Ledger } from './ledger.ts';

/** Entries in their order, at most `limit`, and where the next page begins. */
export async function readEntryPage({ db }: Pick<Ledger, 'db'>, query: EntryQuery): Promise<LedgerPage> {
  const { from = 0n, limit, object } = query;
  const rows =
    object === undefined
      ? await readEntries(db, from, limit + 1)
      : await readEntriesOf(db, object, { from, limit: limit + 1 });
  const entries = rows.slice(0, limit).map((row) => ({
    index: row.index.toString(),
    entry: ledgerEntry.parse(JSON.parse(row.entry)),
  }));
  return { entries, next: rows[limit]?.index.toString() ?? null };
}
