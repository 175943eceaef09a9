import { transact } from '../../store/database.ts';
import { readersOf } from '../../store/notices.ts';
import { holdersOf } from '../../store/standing-roles.ts';
import { finishTask, openTasksOf } from '../../store/tasks.ts';
import { systemCall } from '../actor.ts';
import { entryBase, record } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { tellPeople } from '../notice/tell.ts';

export const TELL_VPE = 'tell-vpe';

/**
 * Tells whoever is VPE of exemptions from hard locks that others gave, and ends the task once one of them has read it: nobody else
 * can say that it was delivered. Where nobody is VPE the task stays, and whoever becomes it is told.
 */
export async function tellVpe(context: AppContext): Promise<void> {
  await transact(context.db, async (tx) => {
    const vpes = await holdersOf(tx, ['vpe']);
    for (const task of await openTasksOf(tx, TELL_VPE)) {
      const body = `${task.title.replace('tell the VPE: ', '')}. Read this, and it counts as delivered.`;
      const about = task.change_id === null ? `task/${task.id}` : `change/${task.change_id}`;
      await tellPeople(tx, { to: vpes, key: task.key, kind: 'hard-lock-exempted', about, body });
      const reader = (await readersOf(tx, task.key)).find((person) => vpes.includes(person));
      if (reader === undefined) continue;
      await finishTask(tx, task.id, { by: reader, note: 'the VPE has read it' });
      await record(tx, {
        ...entryBase(context, systemCall('tasks')),
        type: 'task.done',
        action: 'finish-task',
        object: `task/${task.id}`,
        outcome: 'allow',
        reason: `${TELL_VPE} done: delivered`,
        before: null,
        after: null,
        ...(task.change_id !== null && { details: { change: task.change_id, reader } }),
      });
    }
  });
}
