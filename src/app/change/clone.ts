import type { OpenedChange, CloneChange } from '../../contract/changes.ts';
import type { Call } from '../actor.ts';
import { carryOutValue } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { done, type Outcome } from '../outcome.ts';
import { fileRequest } from './open.ts';
import { holdFor } from './standing.ts';

/**
 * Files another request from the newest plan of one. The plan and its scripts go along, read again under the policy in force;
 * approvals, approved exceptions, results and dates do not. Its author is whoever calls.
 */
export async function cloneChange(
  context: AppContext,
  call: Call,
  id: string,
  { draft = false }: CloneChange,
): Promise<Outcome<OpenedChange>> {
  const deed = { type: 'change.cloned', action: 'clone', object: `change/${id}` };
  return carryOutValue(context, call, deed, async (tx) => {
    const held = await holdFor(tx, call, id, 'clone');
    if (!held.ok) return held;
    const { plan_file: file, plan_text: plan, scripts, revision } = held.revision;
    const read = await context.readPlan({ file, plan, scripts });
    if (!read.ok) return read;
    const reason = `opened as a copy of ${id}, revision ${revision}`;
    return done(await fileRequest(tx, { context, call }, read.value, { clonedFrom: id, draft, reason }));
  });
}
