import { claimId } from '../../contract/claims.ts';
import { findClaim } from '../../store/claims.ts';
import { transact } from '../../store/database.ts';
import { clock } from '../../store/clock.ts';
import type { Call } from '../actor.ts';
import { whyNotNow } from '../claim/heartbeat.ts';
import type { AppContext } from '../context.ts';
import { askPeers, INCIDENTS_ALONE } from './ask-peers.ts';
import { ensureProof } from '../monitoring/monitoring.ts';

interface Under {
  readonly claim: string;
  /** Whose claim it has to be. */
  readonly account: string;
  readonly environment: string;
}

/**
 * Why somebody does not work under a claim now, or `null`: it has to run, be of that account and environment, and what would stop it
 * must not stand. A claim that was lost or has ended covers nothing more, so that a request that comes again later is refused.
 */
export async function whyNotUnder(
  context: AppContext,
  call: Call,
  { claim: id, account, environment }: Under,
): Promise<string | null> {
  if (!claimId.safeParse(id).success) return 'expected a claim such as `CLAIM-7`, got something else';
  await Promise.all([
    ensureProof(context, { environment, targets: null }),
    askPeers(context, INCIDENTS_ALONE),
  ]);
  return transact(context.db, async (tx) => {
    const claim = await findClaim(tx, id);
    if (!claim) return `expected a claim, got \`${id}\`, which there is none of`;
    const lease = claim.lease_expires_at;
    if (claim.state !== 'running' || lease === null || lease.getTime() <= (await clock(tx)))
      return `expected a claim that runs, got \`${id}\`, which is ${claim.state === 'running' ? 'not renewed' : claim.state}`;
    if (claim.person !== account) return `expected a claim of \`${account}\`, got one of \`${claim.person}\``;
    if (claim.environment !== environment)
      return `expected a claim in \`${environment}\`, got one in \`${claim.environment}\``;
    const stands = await whyNotNow(tx, context, call, claim);
    return stands.length === 0
      ? null
      : stands.map(({ rule, because }) => `${rule ?? 'ledger'}: ${because}`).join('; ');
  });
}
