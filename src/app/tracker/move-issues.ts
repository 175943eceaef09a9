import { moveIssueRows } from '../../store/change-issues.ts';
import type { Call } from '../actor.ts';
import { carryOutValue } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import { trackerOf, want } from './keep-issue.ts';

/**
 * Opens an issue in the tracker and project that are named now for every request under way whose issue stands elsewhere. The former one
 * is closed once the new one stands, with a comment that leads there: nothing follows from it any more. Once moved, nothing is left to move.
 */
export async function moveIssues(
  context: AppContext,
  call: Call,
  name: string,
): Promise<Outcome<{ readonly moved: string[] }>> {
  const deed = { type: 'integration.issues-moved', action: 'move-issues', object: `integration/${name}` };
  const target = trackerOf(context);
  return carryOutValue(context, call, deed, async (tx) => {
    const opensAt = target?.offers.tracker?.opensAt;
    if (target?.name !== name || opensAt === undefined)
      return refuse(
        'conflict',
        `expected the tracker that the policy names, \`${context.policy.file.connections.issue}\`, got \`${name}\``,
      );
    const moved = await moveIssueRows(tx, { connection: name, opensAt });
    for (const { change_id: change, generation } of moved) await want(tx, name, change, generation);
    const ids = moved.map((one) => one.change_id);
    return done({
      value: { moved: ids },
      reason: `${ids.length} issues of requests under way are opened at ${name}`,
      details: { moved: ids.join(' ') },
    });
  });
}
