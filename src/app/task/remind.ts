import { transact } from '../../store/database.ts';
import { markReminded, takeDueTasks } from '../../store/tasks.ts';
import type { AppContext } from '../context.ts';
import { tellPeople } from '../notice/tell.ts';

/** Most reminders in one go; the rest is reminded of in the next minute. */
const AT_ONCE = 200;

/** Reminds the owners of open tasks whose time has come, once a day each. Gives how many were reminded of. */
export async function remindOfTasks({ db }: Pick<AppContext, 'db'>): Promise<number> {
  return transact(db, async (tx) => {
    const due = await takeDueTasks(tx, AT_ONCE);
    if (due.length === 0) return 0;
    for (const { id, owner, title, due_at, reminders } of due) {
      await tellPeople(tx, {
        to: [owner],
        key: `task-due:${id}:${reminders + 1}`,
        kind: 'task-due',
        about: `task/${id}`,
        body: `${id} was due ${due_at.toISOString()} and is open: ${title}`,
      });
    }
    await markReminded(
      tx,
      due.map(({ id }) => id),
    );
    return due.length;
  });
}
