import type { GuardedCommand } from '../../contract/guarded-commands.ts';
import type { GuardedCommandRow } from '../../store/guarded-commands.ts';

/** A guarded command as it is shown. */
export function guardedView(row: GuardedCommandRow): GuardedCommand {
  return {
    id: row.id,
    person: row.person,
    bastion: row.bastion,
    incident: row.incident_id,
    targets: [...row.targets],
    argv: [...row.argv],
    observer: row.observer,
    startedAt: row.started_at.toISOString(),
    heardAt: row.heard_at.toISOString(),
    ended: row.ended,
    reviewedBy: row.reviewed_by,
    reviewedAt: row.reviewed_at?.toISOString() ?? null,
    review: row.review,
  };
}
