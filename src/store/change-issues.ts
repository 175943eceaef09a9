import { sql } from 'kysely';
import type { Queries, Transaction } from './database.ts';

/** The issue of a request, as far as the tracker has taken it. */
export interface IssueRow {
  readonly change_id: string;
  readonly connection: string;
  readonly generation: number;
  readonly issue: string | null;
  readonly kept: string | null;
}

const SIGNATURE = sql`md5(concat_ws(' ', c.state, c.slot, c.slot_accepted, c.digest, c.criticality, c.revision))`;
const UNDER_WAY = ['unscheduled', 'scheduled', 'in-progress'];

/**
 * Without a tracker for new ones those go on that have one.
 *
 * Notes the requests whose issue is not, or not yet, as the request is now, and gives them with a generation that grows: one issue for each that
 * is under way, and the last words of those that ended.
 */
export async function noteChangedIssues(
  tx: Transaction,
  connection: string | null,
  limit: number,
): Promise<{ readonly change_id: string; readonly connection: string; readonly generation: number }[]> {
  const { rows } = await sql<{ change_id: string; connection: string; generation: number }>`
    with due as (
      select c.id, i.connection, ${SIGNATURE} as signature, false as ended
      from changes c left join change_issues i on i.change_id = c.id
      where c.state = any(${UNDER_WAY}) and i.signature is distinct from ${SIGNATURE}
        and (i.change_id is not null or ${connection}::text is not null)
      union all
      select c.id, i.connection, ${SIGNATURE}, true from change_issues i join changes c on c.id = i.change_id
      where not i.ended and c.state <> all(${UNDER_WAY})
      limit ${limit}
    )
    insert into change_issues (change_id, connection, generation, signature, ended)
    select id, coalesce(connection, ${connection}), 1, signature, ended from due
    on conflict (change_id) do update
      set signature = excluded.signature, ended = excluded.ended, generation = change_issues.generation + 1
      where change_issues.signature is distinct from excluded.signature
    returning change_id, connection, generation`.execute(tx);
  return rows;
}

export async function issueOfChange(db: Queries, changeId: string): Promise<IssueRow | undefined> {
  const { rows } = await sql<IssueRow>`
    select change_id, connection, generation, issue, kept from change_issues where change_id = ${changeId}`.execute(
    db,
  );
  return rows[0];
}

export async function changeOfIssue(
  db: Queries,
  connection: string,
  issue: string,
): Promise<IssueRow | undefined> {
  const { rows } = await sql<IssueRow>`
    select change_id, connection, generation, issue, kept from change_issues
    where connection = ${connection} and issue = ${issue}`.execute(db);
  return rows[0];
}

/** The issues that a peer has of requests under way, the newest last. */
export async function issuesAt(db: Queries, connection: string): Promise<readonly string[]> {
  const { rows } = await sql<{ issue: string }>`
    select i.issue from change_issues i join changes c on c.id = i.change_id
    where i.connection = ${connection} and i.issue is not null and not i.ended
    order by c.number`.execute(db);
  return rows.map(({ issue }) => issue);
}

/** An issue at a peer. */
export interface PlacedIssue {
  readonly connection: string;
  readonly issue: string;
}

/**
 * Keeps where the issue is, and what the tracker has of our part of it. What an attempt brings that began before the request was moved away is
 * none of its issue any more: then it is kept as one that was moved, and the answer is false.
 */
export async function keepIssueRow(
  tx: Transaction,
  changeId: string,
  { connection, issue, kept }: PlacedIssue & { readonly kept: string },
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update change_issues set issue = ${issue}, kept = ${kept}
    where change_id = ${changeId} and connection = ${connection}
      and not exists (select from moved_issues where connection = ${connection} and issue = ${issue})`.execute(
    tx,
  );
  if (numAffectedRows === 1n) return true;
  await sql`
    insert into moved_issues (change_id, connection, issue) values (${changeId}, ${connection}, ${issue})
    on conflict do nothing`.execute(tx);
  return false;
}

/** Takes the issues that a request was moved away from, once it has another that stands; each is given once. */
export async function takeMovedIssues(
  tx: Transaction,
  changeId: string,
): Promise<readonly (PlacedIssue & { readonly id: bigint })[]> {
  const { rows } = await sql<PlacedIssue & { id: bigint }>`
    delete from moved_issues m using change_issues i
    where m.change_id = ${changeId} and i.change_id = m.change_id and i.issue is not null
    returning m.id, m.connection, m.issue`.execute(tx);
  return rows;
}

/**
 * Takes the requests under way whose issue stands elsewhere to another place, where none is open yet, and gives them as they were. The issues are
 * kept until another stands; one at the place that a request comes back to is what will be found there again.
 */
export async function moveIssueRows(
  tx: Transaction,
  {
    connection,
    opensAt: { usual, environments },
  }: {
    readonly connection: string;
    /** How the names begin there of issues of some environments, and of all others. */
    readonly opensAt: { readonly usual: string; readonly environments: Readonly<Record<string, string>> };
  },
): Promise<(IssueRow & { readonly former: string })[]> {
  const { rows } = await sql<IssueRow & { former: string }>`
    with placed as (
      select id, coalesce(${JSON.stringify(environments)}::jsonb ->> environment, ${usual}) as begins from changes
    ), moved as (
      select i.change_id, i.connection as former, i.issue, p.begins from change_issues i join placed p on p.id = i.change_id
      where not i.ended and (i.connection <> ${connection} or not starts_with(coalesce(i.issue, p.begins), p.begins))
      order by i.change_id for update of i
    ), left_behind as (
      insert into moved_issues (change_id, connection, issue)
      select change_id, former, issue from moved where issue is not null on conflict do nothing
    ), found_again as (
      delete from moved_issues m using moved
      where m.change_id = moved.change_id and m.connection = ${connection} and starts_with(m.issue, moved.begins)
    )
    update change_issues i set connection = ${connection}, issue = null, kept = null, generation = i.generation + 1
    from moved where moved.change_id = i.change_id
    returning i.change_id, i.connection, i.generation, i.kept, moved.former, moved.issue`.execute(tx);
  return rows;
}

/** Begins to write our part of an issue anew, at most once in a minute; gives the generation, `null` where that was done just now. */
export async function restoreIssue(tx: Transaction, changeId: string): Promise<number | null> {
  const { rows } = await sql<{ generation: number }>`
    update change_issues set generation = generation + 1, restored_at = now()
    where change_id = ${changeId} and (restored_at is null or restored_at <= now() - interval '1 minute')
    returning generation`.execute(tx);
  return rows[0]?.generation ?? null;
}
