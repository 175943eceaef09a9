import type { Actor } from '../actor.ts';
import { refuse, type Refused } from '../outcome.ts';

/** Why somebody may not make, confirm and release locks; those may who answer for production. */
export function whyMayNotLock({ kind, standing, onDuty, person }: Actor): Refused | null {
  const may =
    kind === 'person' &&
    (onDuty.some((rota) => rota !== 'cmoc') ||
      standing.some((role) => role !== 'reviewer' && role !== 'admin'));
  return may
    ? null
    : refuse(
        'not_permitted',
        `expected management, a director, the VPE or somebody on call, got \`${person}\``,
      );
}
