import type { IncidentView } from '../../contract/channel.ts';
import type { IncidentRow } from '../../store/incidents.ts';

/** An incident as it is shown. */
export function incidentView(row: IncidentRow): IncidentView {
  return {
    id: row.id,
    title: row.title,
    severity: row.severity,
    status: row.resolved_at === null ? 'active' : 'resolved',
    source: row.source,
    openedBy: row.opened_by,
    openedAt: row.opened_at.toISOString(),
    resolvedBy: row.resolved_by,
    resolvedAt: row.resolved_at?.toISOString() ?? null,
    resolution: row.resolution,
    quietSince: row.resolved_at === null ? (row.quiet_since?.toISOString() ?? null) : null,
  };
}
