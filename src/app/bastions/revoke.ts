import type { Bastion } from '../../contract/bastions.ts';
import { revokeBastion } from '../../store/bastions.ts';
import type { Call } from '../actor.ts';
import { carryOut, type Recorded } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { digestOf } from '../digest.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import { bastionView } from './view.ts';

/** Revokes a host's registration: from the commit on its key opens nothing. */
export async function withdrawBastion(
  context: AppContext,
  call: Call,
  name: string,
): Promise<Outcome<Recorded<Bastion>>> {
  const deed = { type: 'bastion.revoked', action: 'revoke', object: `bastion/${name}` };
  return carryOut(context, call, deed, async (tx) => {
    const row = await revokeBastion(tx, name, call.actor.person);
    if (!row) return refuse('not_found', `expected a registered host, got \`${name}\``);
    const value = bastionView(row);
    return done({
      value,
      reason: `${row.role} revoked for ${row.environment}`,
      before: digestOf(context, { ...value, revokedAt: null }),
      after: digestOf(context, value),
      details: { id: row.id },
    });
  });
}
