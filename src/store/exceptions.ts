import { sql } from 'kysely';
import type { Queries, Transaction } from './database.ts';

/** A rule that a request asks not to keep, for the plan of one digest. */
export interface ExceptionRow {
  readonly id: bigint;
  readonly rule: string;
  readonly reason: string;
  readonly digest: string;
  /** The slot that it was asked for: what counts for rules about time. */
  readonly slot_edition: number;
  readonly by: string;
  readonly asked_at: Date;
  readonly approved_by: string | null;
  readonly approved_at: Date | null;
  readonly withdrawn_by: string | null;
  readonly withdrawn_at: Date | null;
  /** Why it was taken back, in the words of whoever did. */
  readonly withdrawn_because: string | null;
}

export type NewException = Pick<ExceptionRow, 'rule' | 'reason' | 'digest' | 'slot_edition' | 'by'>;

/** Asks for an exception and gives its number. */
export async function insertException(
  tx: Transaction,
  changeId: string,
  { rule, reason, digest, slot_edition, by }: NewException,
): Promise<bigint> {
  const { rows } = await sql<{ id: bigint }>`
    insert into exceptions (change_id, rule, reason, digest, slot_edition, by, asked_at)
    values (${changeId}, ${rule}, ${reason}, ${digest}, ${slot_edition}, ${by}, clock_timestamp())
    returning id`.execute(tx);
  const row = rows[0];
  if (!row) throw new Error('expected the number of the new exception, got no row');
  return row.id;
}

/** Approves an exception; false where it does not wait. */
export async function approveException(tx: Transaction, id: bigint, person: string): Promise<boolean> {
  const { rows } = await sql`
    update exceptions set approved_by = ${person}, approved_at = clock_timestamp()
    where id = ${id} and approved_by is null and withdrawn_at is null returning id`.execute(tx);
  return rows.length === 1;
}

/** Takes an exception back; false where it is neither that person's nor approved by them, or was taken back before. */
export async function withdrawException(
  tx: Transaction,
  changeId: string,
  id: bigint,
  { by, because }: { readonly by: string; readonly because: string },
): Promise<boolean> {
  const { rows } = await sql`
    update exceptions set withdrawn_by = ${by}, withdrawn_at = clock_timestamp(), withdrawn_because = ${because}
    where id = ${id} and change_id = ${changeId} and (by = ${by} or approved_by = ${by}) and withdrawn_at is null
    returning id`.execute(tx);
  return rows.length === 1;
}

/** Every exception asked for by a request, those of former digests and those taken back too. */
export async function exceptionsOf(db: Queries, changeId: string): Promise<ExceptionRow[]> {
  return (
    await sql<ExceptionRow>`
      /* prepared: exceptions_of */ select id, rule, reason, digest, slot_edition, by, asked_at, approved_by, approved_at,
        withdrawn_by, withdrawn_at, withdrawn_because
      from exceptions where change_id = ${changeId} order by id`.execute(db)
  ).rows;
}
