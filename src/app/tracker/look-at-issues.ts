import { issuesAt } from '../../store/change-issues.ts';
import type { AppContext } from '../context.ts';
import { attempt } from '../outside/attempt.ts';
import { lookAtIssue } from './heed-issue.ts';

/**
 * Looks at the issue of every request under way, as after a webhook: one may be lost, and what somebody changed of our part a second time
 * within a minute was left for later. A tracker that does not answer is left alone until the next turn. Gives how many were looked at.
 */
export async function lookAtIssues(context: AppContext): Promise<number> {
  let looked = 0;
  for (const connection of context.connections.all.filter(({ offers }) => offers.tracker)) {
    for (const issue of await issuesAt(context.db, connection.name)) {
      const look = (signal: AbortSignal) => lookAtIssue(context, connection, issue, signal);
      const said = await attempt(look, context.connections.mask);
      if (said.kind === 'later') {
        const { because } = said;
        context.log.warn({ connection: connection.name, because }, 'issues were not looked at; they will be');
        break;
      }
      looked += 1;
    }
  }
  return looked;
}
