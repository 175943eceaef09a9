import { transact } from '../../store/database.ts';
import { peopleNotVouchedFor, setRolesBy } from '../../store/vouched.ts';
import { systemCall } from '../actor.ts';
import { carryOut } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { done } from '../outcome.ts';

/** A provider says what groups somebody is in when they sign in. So long its word is believed without hearing it again. */
const CLAIMS_DAYS = 7;

/** Ends the roles that came from a provider's groups, of everybody it has not vouched for lately. */
export async function endOldClaims(context: AppContext): Promise<void> {
  const people = await transact(context.db, (tx) => peopleNotVouchedFor(tx, CLAIMS_DAYS));
  for (const person of people) {
    const deed = { type: 'role.revoked', action: 'revoke', object: `person/${person}` };
    await carryOut(context, systemCall('claims'), deed, async (tx) => {
      const { ended } = await setRolesBy(tx, 'claims', person, []);
      return done({
        value: null,
        reason: `the provider has not vouched for them in ${CLAIMS_DAYS} days`,
        details: { ended: ended.join(' ') },
      });
    });
  }
}
