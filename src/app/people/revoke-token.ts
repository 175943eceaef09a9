import { findToken, revokeToken } from '../../store/tokens.ts';
import type { Call } from '../actor.ts';
import { carryOut, type Recorded } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import { mayManage } from './may-manage.ts';

/** Revokes a token: its owner, or an administrator. What it opened ends at once. */
export async function withdrawToken(
  context: AppContext,
  call: Call,
  id: string,
): Promise<Outcome<Recorded<null>>> {
  const deed = { type: 'token.revoked', action: 'revoke-token', object: `token/${id}` };
  return carryOut(context, call, deed, async (tx) => {
    const token = await findToken(tx, id);
    const own = token?.person === call.actor.person;
    // Who may not see a token learns nothing of whether it exists.
    if (!token || (!own && !mayManage(call.actor)))
      return refuse('not_found', `expected a token, got \`${id}\`, which there is none of`);
    if (!(await revokeToken(tx, id)))
      return refuse('conflict', 'expected a token in force, got a revoked one');
    return done({ value: null, reason: `token of ${token.person} revoked` });
  });
}
