import type { StartRun } from '../../contract/runs.ts';
import type { ProvenHost } from '../actor.ts';
import { refuse, type Refused } from '../outcome.ts';

/**
 * Why nothing is executed with these rights on this host; `null` if it is. A runner needs neither root nor sudo: what it may do
 * on a target is the target's to say. What a host says of itself proves nothing; it keeps people from a habit, not from a crime.
 */
export function whyTooPrivileged(
  host: ProvenHost | null,
  privileges: StartRun['privileges'],
): Refused | null {
  if (privileges === 'none' || host?.privileged === true) return null;
  const got = privileges === 'root' ? 'root' : 'a user for whom `sudo -n true` succeeds';
  return refuse('not_permitted', `expected a plain user to execute as, got ${got}`);
}
