import { sql } from 'kysely';
import type { Queries, Transaction } from './database.ts';

/** A rule that a request asks not to keep, for the plan of one digest. */
export interface ExceptionRow {
  readonly rule: string;
  readonly reason: string;
  readonly digest: string;
  readonly by: string;
  readonly asked_at: Date;
  readonly approved_by: string | null;
  readonly approved_at: Date | null;
}

/** Asks for an exception. */
export async function insertException(
  tx: Transaction,
  changeId: string,
  { rule, reason, digest, by }: Pick<ExceptionRow, 'rule' | 'reason' | 'digest' | 'by'>,
): Promise<void> {
  await sql`
    insert into exceptions (change_id, rule, reason, digest, by, asked_at)
    values (${changeId}, ${rule}, ${reason}, ${digest}, ${by}, clock_timestamp())`.execute(tx);
}

/** Approves an exception; false where there is none that waits. */
export async function approveException(
  tx: Transaction,
  changeId: string,
  { rule, digest, person }: { readonly rule: string; readonly digest: string; readonly person: string },
): Promise<boolean> {
  const { rows } = await sql`
    update exceptions set approved_by = ${person}, approved_at = clock_timestamp()
    where change_id = ${changeId} and rule = ${rule} and digest = ${digest} and approved_by is null
    returning id`.execute(tx);
  return rows.length === 1;
}

/** Every exception asked for by a request, those of former digests too. */
export async function exceptionsOf(db: Queries, changeId: string): Promise<ExceptionRow[]> {
  return (
    await sql<ExceptionRow>`
      /* prepared: exceptions_of */ select rule, reason, digest, by, asked_at, approved_by, approved_at
      from exceptions where change_id = ${changeId} order by id`.execute(db)
  ).rows;
}
