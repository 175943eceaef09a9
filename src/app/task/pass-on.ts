import { transact, type Transaction } from '../../store/database.ts';
import { giveTask, takeOrphanedTasks, TASK_KINDS, type TaskRow } from '../../store/tasks.ts';
import { systemCall } from '../actor.ts';
import { entryBase, record } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { tellPeople } from '../notice/tell.ts';
import { ownerByDuty } from './by-duty.ts';

/** Most of a kind that are passed on in one go; the rest is in the next minute. */
const AT_ONCE = 100;

/**
 * Passes on what is open of whoever is shut out: nobody would be reminded of it. It goes to whose duty it is by now; where nobody
 * is able it waits until somebody is. Who may end it stays as it was. Gives how many were passed on.
 */
export async function passOnTasks(context: AppContext): Promise<number> {
  return transact(context.db, async (tx) => {
    let passed = 0;
    for (const kind of TASK_KINDS) {
      for (const task of await takeOrphanedTasks(tx, kind, AT_ONCE)) {
        const to = await ownerByDuty(tx, kind, task);
        if (to === null) continue;
        await passOn(tx, context, task, to);
        passed += 1;
      }
    }
    return passed;
  });
}

async function passOn(
  tx: Transaction,
  context: AppContext,
  { id, owner, change_id, title, due_at }: TaskRow,
  to: string,
): Promise<void> {
  await giveTask(tx, id, to);
  await tellPeople(tx, {
    to: [to],
    key: `task-passed-on:${id}:${owner}`,
    kind: 'task-passed-on',
    about: `task/${id}`,
    body: `${id} was of ${owner}, who is shut out, and is yours now, due ${due_at.toISOString()}: ${title}`,
  });
  await record(tx, {
    ...entryBase(context, systemCall('tasks')),
    type: 'task.passed-on',
    action: 'pass-on-task',
    object: `task/${id}`,
    outcome: 'allow',
    reason: 'its owner is shut out',
    before: null,
    after: null,
    details: { from: owner, to, ...(change_id !== null && { change: change_id }) },
  });
}
