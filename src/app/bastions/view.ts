import type { Bastion } from '../../contract/bastions.ts';
import type { BastionRow } from '../../store/bastions.ts';

/** A registered host as the API shows it. */
export function bastionView(row: BastionRow): Bastion {
  return {
    name: row.name,
    environment: row.environment,
    role: row.role,
    privileged: row.privileged,
    registeredAt: row.registered_at.toISOString(),
    registeredBy: row.registered_by,
    expiresAt: row.expires_at.toISOString(),
    revokedAt: row.revoked_at?.toISOString() ?? null,
  };
}
