/** Who somebody is, as far as locks go. */
export interface LockHand {
  readonly kind: 'person' | 'service' | 'system';
  /** Standing roles. */
  readonly roles: readonly string[];
  readonly onDuty: readonly string[];
}

export const WHO_MAY_LOCK = 'management, a director, the VPE or somebody on call';

/** Whether somebody may make, confirm and release locks: those may who answer for production. */
export function mayLock({ kind, roles, onDuty }: LockHand): boolean {
  return (
    kind === 'person' &&
    (onDuty.some((rota) => rota !== 'cmoc') || roles.some((role) => role !== 'reviewer' && role !== 'admin'))
  );
}
