import { sql } from 'kysely';
import type { Queries, Transaction } from './database.ts';

/** The issue of a request, as far as the tracker has taken it. */
export interface IssueRow {
  readonly change_id: string;
  readonly generation: number;
  readonly issue: string | null;
  readonly kept: string | null;
}

const SIGNATURE = sql`md5(concat_ws(' ', c.state, c.slot, c.slot_accepted, c.digest, c.criticality))`;
const UNDER_WAY = ['unscheduled', 'scheduled', 'in-progress'];

/**
 * Notes the requests whose issue is not, or not yet, as the request is now, and gives them with a generation that grows: one issue for each that
 * is under way, and the last words of those that ended.
 */
export async function noteChangedIssues(
  tx: Transaction,
  connection: string,
  limit: number,
): Promise<{ readonly change_id: string; readonly generation: number }[]> {
  const { rows } = await sql<{ change_id: string; generation: number }>`
    with due as (
      select c.id, ${SIGNATURE} as signature, false as ended
      from changes c left join change_issues i on i.change_id = c.id
      where c.state = any(${UNDER_WAY}) and i.signature is distinct from ${SIGNATURE}
      union all
      select c.id, ${SIGNATURE}, true from change_issues i join changes c on c.id = i.change_id
      where not i.ended and c.state <> all(${UNDER_WAY})
      limit ${limit}
    )
    insert into change_issues (change_id, connection, generation, signature, ended)
    select id, ${connection}, 1, signature, ended from due
    on conflict (change_id) do update
      set signature = excluded.signature, ended = excluded.ended, generation = change_issues.generation + 1
      where change_issues.signature is distinct from excluded.signature
    returning change_id, generation`.execute(tx);
  return rows;
}

export async function issueOfChange(db: Queries, changeId: string): Promise<IssueRow | undefined> {
  const { rows } = await sql<IssueRow>`
    select change_id, generation, issue, kept from change_issues where change_id = ${changeId}`.execute(db);
  return rows[0];
}

export async function changeOfIssue(
  db: Queries,
  connection: string,
  issue: string,
): Promise<IssueRow | undefined> {
  const { rows } = await sql<IssueRow>`
    select change_id, generation, issue, kept from change_issues
    where connection = ${connection} and issue = ${issue}`.execute(db);
  return rows[0];
}

/** Keeps where the issue is, and what the tracker has of our part of it. */
export async function keepIssueRow(
  tx: Transaction,
  changeId: string,
  { issue, kept }: { readonly issue: string; readonly kept: string },
): Promise<void> {
  await sql`update change_issues set issue = ${issue}, kept = ${kept} where change_id = ${changeId}`.execute(
    tx,
  );
}

/** Begins to write our part of an issue anew, at most once in a minute; gives the generation, `null` where that was done just now. */
export async function restoreIssue(tx: Transaction, changeId: string): Promise<number | null> {
  const { rows } = await sql<{ generation: number }>`
    update change_issues set generation = generation + 1, restored_at = now()
    where change_id = ${changeId} and (restored_at is null or restored_at <= now() - interval '1 minute')
    returning generation`.execute(tx);
  return rows[0]?.generation ?? null;
}
