import type { TaskPage, TaskQuery, TaskView } from '../../contract/notices.ts';
import { listTasks, type TaskRow } from '../../store/tasks.ts';
import type { AppContext } from '../context.ts';

/** A page of tasks, the newest first. */
export async function readTasks(context: AppContext, query: TaskQuery): Promise<TaskPage> {
  const { limit, before, ...filter } = query;
  const from = before === undefined ? undefined : BigInt(before.slice('TASK-'.length));
  const rows = await listTasks(context.db, { ...filter, before: from, limit: limit + 1 });
  const page = rows.slice(0, limit);
  return { tasks: page.map(taskView), next: rows.length > limit ? (page.at(-1)?.id ?? null) : null };
}

export function taskView(row: TaskRow): TaskView {
  return {
    id: row.id,
    kind: row.kind,
    change: row.change_id,
    incident: row.incident_id,
    title: row.title,
    owner: row.owner,
    openedAt: row.opened_at.toISOString(),
    dueAt: row.due_at.toISOString(),
    overdue: row.overdue,
    doneAt: row.done_at?.toISOString() ?? null,
    doneBy: row.done_by,
    note: row.note,
  };
}
