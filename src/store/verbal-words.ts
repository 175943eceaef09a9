import { sql } from 'kysely';
import type { Queries, Transaction } from './database.ts';

/** What somebody says that the engineer on call said of a start. */
export interface VerbalWordRow {
  readonly id: bigint;
  readonly speaker: string;
  readonly digest: string;
  readonly slot_edition: number;
  readonly claimed_by: string;
  readonly claimed_at: Date;
  /** The approval by which the speaker confirmed it. */
  readonly approval: bigint | null;
  readonly confirmed_at: Date | null;
}

const columns = sql`id, speaker, digest, slot_edition, claimed_by, claimed_at, approval, confirmed_at`;

/** Writes a claim down. */
export async function insertVerbalWord(
  tx: Transaction,
  of: { readonly id: string; readonly digest: string; readonly slot_edition: number },
  { speaker, claimedBy }: { readonly speaker: string; readonly claimedBy: string },
): Promise<VerbalWordRow> {
  const { rows } = await sql<VerbalWordRow>`
    insert into verbal_words (change_id, speaker, digest, slot_edition, claimed_by)
    values (${of.id}, ${speaker}, ${of.digest}, ${of.slot_edition}, ${claimedBy})
    returning ${columns}`.execute(tx);
  const row = rows[0];
  if (!row) throw new Error('expected the claim that was just written, got no row');
  return row;
}

/** Every claim of a request, in the order they came. */
export async function verbalWordsOf(db: Queries, changeId: string): Promise<VerbalWordRow[]> {
  return (
    await sql<VerbalWordRow>`
      select ${columns} from verbal_words where change_id = ${changeId} order by id`.execute(db)
  ).rows;
}

/** Notes the approval that confirms a claim. The database refuses one of another person, plan or way. */
export async function confirmVerbalWord(
  tx: Transaction,
  id: bigint,
  approval: bigint,
): Promise<VerbalWordRow> {
  const { rows } = await sql<VerbalWordRow>`
    update verbal_words set approval = ${approval}, confirmed_at = clock_timestamp() where id = ${id}
    returning ${columns}`.execute(tx);
  const row = rows[0];
  if (!row) throw new Error('expected the claim that is confirmed, got no row');
  return row;
}
