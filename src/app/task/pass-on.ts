import { transact, type Transaction } from '../../store/database.ts';
import { onDutyNow } from '../../store/rota.ts';
import { giveTask, takeOrphanedTasks, type TaskRow } from '../../store/tasks.ts';
import { systemCall } from '../actor.ts';
import { entryBase, record } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { CATCH_UP_KINDS } from '../emergency/to-catch-up.ts';
import { tellPeople } from '../notice/tell.ts';

/** Most passed on in one go; the rest is in the next minute. */
const AT_ONCE = 100;

/**
 * Passes on what an emergency left to whoever is shut out: nobody would be reminded of it. It goes to the incident manager on duty,
 * who has it where nobody else is able (`catchUpOn`); without one it waits until there is. Who may give a word in retrospect stays as
 * it was. Gives how many were passed on.
 */
export async function passOnTasks(context: AppContext): Promise<number> {
  return transact(context.db, async (tx) => {
    const { imoc } = await onDutyNow(tx);
    if (imoc === undefined) return 0;
    const orphaned = await takeOrphanedTasks(tx, { kinds: CATCH_UP_KINDS, to: imoc, limit: AT_ONCE });
    for (const task of orphaned) await passOn(tx, context, task, imoc);
    return orphaned.length;
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
