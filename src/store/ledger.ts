import { sql, type RawBuilder } from 'kysely';
import { ledgerDraft, MAX_ENTRY_BYTES } from '../contract/ledger.ts';
import type { LedgerDraft } from '../contract/ledger.ts';
import { canonicalJson } from '../kernel/ledger/canonical.ts';
import type { CompactRange } from '../kernel/ledger/range.ts';
import type { Queries, Transaction } from './database.ts';
import { textArray } from './text-array.ts';

/** Where an entry came to stand. */
export interface Appended {
  readonly index: bigint;
  /** The database's clock, UTC, RFC 3339 with microseconds, as it stands in the entry. */
  readonly time: string;
}

/** An entry as it is stored. `entry` is its canonical JSON, whose UTF-8 bytes are the leaf. */
export interface StoredEntry {
  readonly index: bigint;
  readonly entry: string;
}

/** An entry was refused before it reached the database: it does not have the form of an entry. */
export class InvalidEntry extends Error {
  override readonly name = 'InvalidEntry';
}

const VERSION = 1;
const TIME_BYTES = '2026-01-01T00:00:00.000000Z'.length;

/**
 * Appends one entry in the caller's transaction: it stands if and only if that commits. Nobody else can append until
 * then, so append last. Where this throws, what was to be recorded must not happen.
 *
 * @throws {InvalidEntry} when the entry does not have the form of `src/contract/ledger.ts`.
 */
export async function appendEntry(tx: Transaction, entry: LedgerDraft): Promise<Appended> {
  const [appended] = await appendEntries(tx, [entry]);
  if (appended === undefined) throw new Error('expected the entry to be appended, got no index');
  return appended;
}

/** Appends entries in their order, in one call; see `appendEntry`. */
export async function appendEntries(tx: Transaction, entries: readonly LedgerDraft[]): Promise<Appended[]> {
  const { rows } = await sql<{ appended_index: bigint; appended_at: string }>`
    /* prepared: ledger_append */ select appended_index, appended_at from ${appending(entries)}`.execute(tx);
  return rows.map((row) => ({ index: row.appended_index, time: row.appended_at }));
}

/** The call that appends entries, for a statement that stores something beside them; a row for each, in their order. */
export function appending(entries: readonly LedgerDraft[]): RawBuilder<unknown> {
  const halves = entries.map(halvesOf);
  const heads = textArray(halves.map(({ head }) => head));
  const tails = textArray(halves.map(({ tail }) => tail));
  return sql`ledger_append(${heads}::text[], ${tails}::text[])`;
}

/** The size of the tree and its peaks, as of the last commit. `null` if the row is gone. */
export async function readHead(db: Queries): Promise<CompactRange | null> {
  const row = await db.selectFrom('ledger_head').select(['size', 'peaks']).executeTakeFirst();
  return row ?? null;
}

/** At most `limit` entries in order from index `from` on. */
export async function readEntries(db: Queries, from: bigint, limit: number): Promise<StoredEntry[]> {
  return db
    .selectFrom('ledger_entries')
    .select(['index', 'entry'])
    .where('index', '>=', from)
    .orderBy('index')
    .limit(limit)
    .execute();
}

/** Entries about one object (`change/CHG-12`) in order, at most `limit` from index `from` on. */
export async function readEntriesOf(
  db: Queries,
  object: string,
  { from, limit }: { readonly from: bigint; readonly limit: number },
): Promise<StoredEntry[]> {
  return db
    .selectFrom('ledger_entries')
    .select(['index', 'entry'])
    .where('object', '=', object)
    .where('index', '>=', from)
    .orderBy('index')
    .limit(limit)
    .execute();
}

/**
 * The canonical JSON of an entry before and after the text of its time. The database's clock fills the gap, in the one
 * round trip that also takes the lock.
 */
function halvesOf(entry: LedgerDraft): { head: string; tail: string } {
  const parsed = ledgerDraft.safeParse(entry);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new InvalidEntry(`expected a ledger entry, got \`${issue?.path.join('.')}\`: ${issue?.message}`, {
      cause: parsed.error,
    });
  }
  const { type, ...early } = parsed.data;
  // INVARIANT: canonical JSON sorts members, and `time` stands between these two groups.
  const head = `${canonicalJson(early).slice(0, -1)},"time":"`;
  const tail = `",${canonicalJson({ type, version: VERSION }).slice(1)}`;
  const bytes = Buffer.byteLength(head) + TIME_BYTES + Buffer.byteLength(tail);
  if (bytes > MAX_ENTRY_BYTES) {
    throw new InvalidEntry(`expected an entry of at most ${MAX_ENTRY_BYTES} bytes, got ${bytes}`);
  }
  return { head, tail };
}
