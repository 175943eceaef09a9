import type { Transaction } from '../../store/database.ts';
import { insertTask, type NewTask } from '../../store/tasks.ts';
import { tellPeople } from '../notice/tell.ts';

/**
 * Opens something to catch up on, in the transaction of what was skipped, and tells its owner. The same key opens it once;
 * gives its id, or `null` where it was open or done already. What opens it is recorded by its own entry.
 */
export async function openTask(tx: Transaction, task: NewTask): Promise<string | null> {
  const id = await insertTask(tx, task);
  if (id === null) return null;
  await tellPeople(tx, {
    to: [task.owner],
    key: `task-opened:${id}`,
    kind: 'task-opened',
    about: `task/${id}`,
    body: `${id} is yours, due ${task.dueAt.toISOString()}: ${task.title}`,
  });
  return id;
}
