import type { DoneTask, TaskView } from '../../contract/notices.ts';
import { finishTask, lockTask } from '../../store/tasks.ts';
import type { Call } from '../actor.ts';
import { carryOut } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { digestOf } from '../digest.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import { taskView } from './read.ts';

/** Ends a task: its owner says that it is done. */
export async function finishOwnTask(
  context: AppContext,
  call: Call,
  id: string,
  { note }: DoneTask,
): Promise<Outcome<TaskView>> {
  const { person } = call.actor;
  const deed = { type: 'task.done', action: 'finish-task', object: `task/${id}` };
  const outcome = await carryOut(context, call, deed, async (tx) => {
    const task = await lockTask(tx, id);
    if (!task) return refuse('not_found', `expected a task, got \`${id}\`, which there is none of`);
    if (task.owner !== person)
      return refuse('not_permitted', `expected its owner, \`${task.owner}\`, got \`${person}\``);
    if (task.done_by !== null)
      return refuse('conflict', `expected a task that is open, got one that \`${task.done_by}\` has done`);
    await finishTask(tx, id, { by: person, note: note ?? null });
    const ended = await lockTask(tx, id);
    if (!ended) throw new Error(`expected the task \`${id}\` that is held, got none`);
    return done({
      value: taskView(ended),
      reason: `${task.kind} done`,
      ...(note !== undefined && { digests: { note: digestOf(context, note) } }),
      ...(task.change_id !== null && { details: { change: task.change_id } }),
    });
  });
  return outcome.ok ? done(outcome.value.value) : outcome;
}
