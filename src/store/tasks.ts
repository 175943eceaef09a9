import { sql } from 'kysely';
import type { Queries, Transaction } from './database.ts';

/** What tasks are opened for. */
export const TASK_KINDS = [
  'approval-in-retrospect',
  'hand-off',
  'emergency-review',
  'exemption-review',
  'tell-vpe',
  'confirm-lock',
  'accept-hand-off',
  'delayed-check',
] as const;
export type TaskKind = (typeof TASK_KINDS)[number];

/** Something to catch up on. */
export interface TaskRow {
  readonly number: bigint;
  readonly id: string;
  /** What it was opened for, once. */
  readonly key: string;
  readonly kind: string;
  readonly change_id: string | null;
  readonly incident_id: string | null;
  readonly title: string;
  readonly owner: string;
  readonly opened_at: Date;
  readonly due_at: Date;
  /** Whether it is open and its time has come, by the database's clock. */
  readonly overdue: boolean;
  readonly reminders: number;
  readonly done_at: Date | null;
  readonly done_by: string | null;
  readonly note: string | null;
}

const columns = sql`
  number, id, key, kind, change_id, incident_id, title, owner, opened_at, due_at, reminders, done_at, done_by, note,
  (done_at is null and due_at <= clock_timestamp()) as overdue`;

/** A task to be opened; one of the same key is opened once. */
export interface NewTask {
  readonly key: string;
  readonly kind: TaskKind;
  readonly change?: string;
  readonly incident?: string;
  readonly title: string;
  readonly owner: string;
  readonly dueAt: Date;
}

/** Opens a task and gives its id; `null` if there is one of that key already. */
export async function insertTask(tx: Transaction, task: NewTask): Promise<string | null> {
  const { rows } = await sql<{ id: string }>`
    insert into tasks (key, kind, change_id, incident_id, title, owner, due_at)
    values (${task.key}, ${task.kind}, ${task.change ?? null}, ${task.incident ?? null}, ${task.title}, ${task.owner},
      ${task.dueAt})
    on conflict (key) do nothing returning id`.execute(tx);
  return rows[0]?.id ?? null;
}

/** Which tasks are asked for. */
export interface TaskFilter {
  readonly owner?: string | undefined;
  readonly change?: string | undefined;
  readonly open: boolean;
  readonly before?: bigint | undefined;
  readonly limit: number;
}

/** A page of tasks, the newest first. */
export async function listTasks(db: Queries, filter: TaskFilter): Promise<TaskRow[]> {
  const { owner = null, change = null, before = null } = filter;
  return (
    await sql<TaskRow>`
      select ${columns} from tasks
      where (${owner}::text is null or owner = ${owner}) and (${change}::text is null or change_id = ${change})
        and (${!filter.open} or done_at is null) and (${before}::bigint is null or number < ${before})
      order by number desc limit ${filter.limit}`.execute(db)
  ).rows;
}

/** One task, held until the transaction ends. */
export async function lockTask(tx: Transaction, id: string): Promise<TaskRow | undefined> {
  return (await sql<TaskRow>`select ${columns} from tasks where id = ${id} for update`.execute(tx)).rows[0];
}

/** Ends a task that is held. */
export async function finishTask(
  tx: Transaction,
  id: string,
  { by, note }: { readonly by: string; readonly note: string | null },
): Promise<void> {
  await sql`
    update tasks set done_at = clock_timestamp(), done_by = ${by}, note = ${note} where id = ${id}`.execute(
    tx,
  );
}

/** Open tasks of a kind, the oldest first; others who look for the same skip them. */
export async function openTasksOf(tx: Transaction, kind: string): Promise<TaskRow[]> {
  return (
    await sql<TaskRow>`
      select ${columns} from tasks where kind = ${kind} and done_at is null
      order by number limit 500 for update skip locked`.execute(tx)
  ).rows;
}

/** Who has done the tasks that differ from this one only by their number, the last part of the key. */
export async function siblingsDoneBy(tx: Transaction, { key }: Pick<TaskRow, 'key'>): Promise<string[]> {
  const { rows } = await sql<{ done_by: string }>`
    select done_by from tasks
    where regexp_replace(key, ':[0-9]+$', '') = regexp_replace(${key}, ':[0-9]+$', '') and done_by is not null`.execute(
    tx,
  );
  return rows.map(({ done_by }) => done_by);
}

/** Ends the open task of a key, where there is one. */
export async function finishTaskOf(tx: Transaction, key: string, by: string): Promise<void> {
  await sql`
    update tasks set done_at = clock_timestamp(), done_by = ${by} where key = ${key} and done_at is null`.execute(
    tx,
  );
}

/** Open tasks that are due and whose owner was not reminded within a day; others who look for the same skip them. */
export async function takeDueTasks(tx: Transaction, limit: number): Promise<TaskRow[]> {
  return (
    await sql<TaskRow>`
      select ${columns} from tasks
      where done_at is null and due_at <= now() and (reminded_at is null or reminded_at <= now() - interval '1 day')
      order by due_at limit ${limit} for update skip locked`.execute(tx)
  ).rows;
}

export async function markReminded(tx: Transaction, ids: readonly string[]): Promise<void> {
  await sql`
    update tasks set reminders = reminders + 1, reminded_at = clock_timestamp() where id = any(${ids}::text[])`.execute(
    tx,
  );
}

/** Open tasks of a kind whose owner is shut out, the oldest first; others who look for the same skip them. */
export async function takeOrphanedTasks(tx: Transaction, kind: TaskKind, limit: number): Promise<TaskRow[]> {
  return (
    await sql<TaskRow>`
      select ${columns} from tasks
      where done_at is null and kind = ${kind}
        and exists (select from people where name = owner and disabled_at is not null)
      order by number limit ${limit} for update skip locked`.execute(tx)
  ).rows;
}

/** Gives an open task that is held to another owner, who is reminded from now on as if it had never been said. */
export async function giveTask(tx: Transaction, id: string, owner: string): Promise<void> {
  await sql`update tasks set owner = ${owner}, reminded_at = null where id = ${id}`.execute(tx);
}
