import { ledgerEntry } from '../contract/ledger.ts';
import type { EntryQuery, EntryTypes, LedgerPage } from '../contract/ledger.ts';
import { entryTypes, listEntries } from '../store/ledger-list.ts';
import type { Ledger } from './ledger.ts';

/** Entries in their order or from the newest back, at most `limit`, and where the next page begins. */
export async function readEntryPage({ db }: Pick<Ledger, 'db'>, query: EntryQuery): Promise<LedgerPage> {
  const { limit } = query;
  const rows = await listEntries(db, { ...query, limit: limit + 1 });
  const entries = rows.slice(0, limit).map((row) => ({
    index: row.index.toString(),
    entry: ledgerEntry.parse(JSON.parse(row.entry)),
  }));
  return { entries, next: rows[limit]?.index.toString() ?? null };
}

/** Which types of entries there are. */
export async function readEntryTypes({ db }: Pick<Ledger, 'db'>): Promise<EntryTypes> {
  return { types: await entryTypes(db) };
}
