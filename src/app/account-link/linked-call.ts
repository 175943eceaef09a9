import { linkInForce } from '../../store/account-links.ts';
import { callerByName } from '../../store/callers.ts';
import type { Queries } from '../../store/database.ts';
import { accountOf, type Call } from '../actor.ts';

/**
 * The call of whoever acts through an account at a peer, with what that person may now; `null` where the account is nobody's here.
 *
 * INVARIANT: an account is found by the peer and its own id of it. No name and no e-mail is looked at.
 */
export async function linkedCall(
  db: Queries,
  connection: string,
  externalUser: string,
  requestId: string,
): Promise<Call | null> {
  const link = await linkInForce(db, connection, externalUser);
  const caller = link && (await callerByName(db, link.person));
  if (!link || !caller || caller.kind !== 'person') return null;
  return {
    actor: {
      ...accountOf(caller),
      scopes: ['act'],
      credential: { kind: 'link', id: link.id },
      host: null,
    },
    requestId,
    source: connection,
  };
}
