import type { DoneTask, TaskView } from '../../contract/notices.ts';
import type { Transaction } from '../../store/database.ts';
import { ACCEPT_HAND_OFF } from '../../store/hand-offs.ts';
import { finishTask, lockTask, type TaskRow } from '../../store/tasks.ts';
import type { Actor, Call } from '../actor.ts';
import { carryOut } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { digestOf } from '../digest.ts';
import { IN_RETROSPECT, subjectOf, whyNotInRetrospect } from '../emergency/retrospect.ts';
import { TELL_VPE } from '../lock/tell-vpe.ts';
import { done, refuse, type Outcome, type Refused } from '../outcome.ts';
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
    if (task.done_by !== null)
      return refuse('conflict', `expected a task that is open, got one that \`${task.done_by}\` has done`);
    const not = await whyNot(tx, call.actor, task);
    if (not) return not;
    await finishTask(tx, id, { by: person, note: note ?? null });
    const ended = await lockTask(tx, id);
    if (!ended) throw new Error(`expected the task \`${id}\` that is held, got none`);
    return done({
      value: taskView(ended),
      reason: reasonOf(task),
      ...(note !== undefined && { digests: { note: digestOf(context, note) } }),
      ...(task.change_id !== null && { details: { change: task.change_id } }),
    });
  });
  return outcome.ok ? done(outcome.value.value) : outcome;
}

/** A word in retrospect is given by whoever may give it, a delivery is proven by its reader, a hand-off is accepted; all else is its owner's. */
async function whyNot(tx: Transaction, actor: Actor, task: TaskRow): Promise<Refused | null> {
  if (task.kind === IN_RETROSPECT) return whyNotInRetrospect(tx, actor, task);
  if (task.kind === TELL_VPE)
    return refuse('not_permitted', 'expected the VPE to read what they were told, which ends this by itself');
  if (task.kind === ACCEPT_HAND_OFF)
    return refuse('not_permitted', 'expected the hand-off to be accepted, which ends this by itself');
  return task.owner === actor.person
    ? null
    : refuse('not_permitted', `expected its owner, \`${task.owner}\`, got \`${actor.person}\``);
}

function reasonOf(task: TaskRow): string {
  return task.kind === IN_RETROSPECT ? `approved in retrospect: ${subjectOf(task)}` : `${task.kind} done`;
}
