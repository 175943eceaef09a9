import type { ClaimView } from '../../contract/claims.ts';
import { findClaim, liveClaims, type ClaimRow } from '../../store/claims.ts';
import type { AppContext } from '../context.ts';
import { done, refuse, type Outcome } from '../outcome.ts';

/** A claim as everybody may see it. */
export function claimView(row: ClaimRow): ClaimView {
  return {
    id: row.id,
    person: row.person,
    environment: row.environment,
    severity: row.severity,
    host: row.host,
    state: row.state,
    decision: row.decision.toString(),
    startedAt: row.started_at.toISOString(),
    leaseExpiresAt: row.lease_expires_at?.toISOString() ?? null,
    settleFrom: row.settle_from?.toISOString() ?? null,
    settledBy: row.settled_by,
    endedAt: row.ended_at?.toISOString() ?? null,
  };
}

/** Every claim that runs or is unknown, the oldest first. */
export async function readClaims({ db }: AppContext): Promise<ClaimView[]> {
  return (await liveClaims(db)).map(claimView);
}

export async function showClaim({ db }: AppContext, id: string): Promise<Outcome<ClaimView>> {
  const row = await findClaim(db, id);
  return row
    ? done(claimView(row))
    : refuse('not_found', `expected a claim, got \`${id}\`, which there is none of`);
}
