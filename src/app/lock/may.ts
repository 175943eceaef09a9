import { mayLock, WHO_MAY_LOCK } from '../../kernel/policy/lock-authority.ts';
import type { Actor } from '../actor.ts';
import { refuse, type Refused } from '../outcome.ts';

/** Why somebody may not make, confirm and release locks, as a refusal. */
export function whyMayNotLock({ kind, standing, onDuty, person }: Actor): Refused | null {
  return mayLock({ kind, roles: standing, onDuty })
    ? null
    : refuse('not_permitted', `expected ${WHO_MAY_LOCK}, got \`${person}\``);
}
