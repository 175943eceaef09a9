import { lastAuthentication } from '../../store/authentications.ts';
import type { Transaction } from '../../store/database.ts';
import { passwordOf } from '../../store/people.ts';
import type { Call } from '../actor.ts';
import type { AppContext } from '../context.ts';
import { refuse, type Refused } from '../outcome.ts';

/**
 * Why somebody has to prove again who they are before an act of high stakes; `null` where they did so a moment ago, for the very
 * token or session they act with. Asked in the transaction of the act, after everything that would refuse it anyway.
 *
 * INVARIANT: what stops a change, or brings it back, never asks this.
 */
export async function whyAuthenticateAgain(
  tx: Transaction,
  { identity: { freshMinutes } }: AppContext,
  { actor }: Call,
  act: string,
): Promise<Refused | null> {
  const last = await lastAuthentication(tx, actor.person, actor.credential.id);
  if (last !== undefined && last.ageSeconds <= freshMinutes * 60) return null;
  const got = last === undefined ? 'none' : `one of ${last.at.toISOString()}`;
  return refuse(
    'reauthentication_required',
    `expected a proof of who you are within the last ${freshMinutes} minutes before ${act}, got ${got}: ${HOW}`,
  );
}

/**
 * The same before an administrator gives somebody power: a role, a way in, a token. An account of this server without a password can
 * prove nothing, as that of the first administrator, and is asked once it has one; taking power away is never asked.
 */
export async function whyProveAuthority(
  tx: Transaction,
  context: AppContext,
  call: Call,
  act: string,
): Promise<Refused | null> {
  const { issuer, person } = call.actor;
  if (issuer === 'local' && (await passwordOf(tx, person)) === undefined) return null;
  return whyAuthenticateAgain(tx, context, call, act);
}

/** A service cannot prove again who it is, so it never gets here by another way. */
const HOW = 'run `interlock login --again`, or sign in again in the browser, then repeat this';
