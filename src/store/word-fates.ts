import { sql } from 'kysely';
import type { Part } from '../kernel/change/part.ts';
import type { Queries, Transaction } from './database.ts';

/** Which word: an approval or an exception, by its number. */
export type WordKey = { readonly approval: bigint } | { readonly exception: bigint };

/** What became of a word at one change of its request. */
export interface FateRow {
  readonly approval: bigint | null;
  readonly exception: bigint | null;
  readonly fate: 'carried' | 'voided';
  readonly revision: number;
  readonly from_digest: string;
  readonly to_digest: string;
  readonly parts: readonly Part[];
  readonly by: string;
  readonly at: Date;
}

export interface NewFate {
  readonly changeId: string;
  readonly word: WordKey;
  readonly fate: FateRow['fate'];
  readonly revision: number;
  readonly from: string;
  readonly to: string;
  readonly parts: readonly Part[];
  readonly by: string;
  /** The entry that records that it was carried. */
  readonly ledgerIndex: bigint | null;
}

/** Writes what became of a word. The database refuses one that is not recorded, or brings a voided one back. */
export async function insertFate(tx: Transaction, fate: NewFate): Promise<void> {
  const approval = 'approval' in fate.word ? fate.word.approval : null;
  const exception = 'exception' in fate.word ? fate.word.exception : null;
  await sql`
    insert into word_fates (change_id, approval, exception, fate, revision, from_digest, to_digest, parts, by, ledger_index)
    values (${fate.changeId}, ${approval}, ${exception}, ${fate.fate}, ${fate.revision}, ${fate.from}, ${fate.to},
      ${fate.parts}, ${fate.by}, ${fate.ledgerIndex})`.execute(tx);
}

/** What became of every word of a request, in order. */
export async function fatesOf(db: Queries, changeId: string): Promise<FateRow[]> {
  return (
    await sql<FateRow>`
      /* prepared: fates_of */ select approval, exception, fate, revision, from_digest, to_digest, parts, by, at
      from word_fates where change_id = ${changeId} order by id`.execute(db)
  ).rows;
}
