import type { AppContext } from '../context.ts';
import { refuse, type Refused } from '../outcome.ts';

/**
 * Whether tracker or channel are somewhere else by the policy: then a word counts only from there, and ours takes none. `null`
 * where the built-in one is it.
 */
export function standsElsewhere(context: AppContext, place: 'discussion' | 'channel'): Refused | null {
  const { issue, chat } = context.policy.file.connections;
  const where = place === 'discussion' ? issue : chat;
  if (where === 'builtin') return null;
  return refuse(
    'not_permitted',
    `expected it to be written in \`${where}\`, which the policy names, got it here`,
  );
}
