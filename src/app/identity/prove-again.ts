import type { ProveAgainBy } from '../../contract/sessions.ts';
import { noteAuthentication, type Method } from '../../store/authentications.ts';
import type { Transaction } from '../../store/database.ts';
import { passwordOf } from '../../store/people.ts';
import { clearAttempts } from '../../store/sessions.ts';
import type { Actor, Call } from '../actor.ts';
import { carryOut, type Recorded } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import { passwordMatches } from '../passwords.ts';
import { attemptAllowed } from '../sessions/attempts.ts';
import { redeem } from './redeem.ts';

/** Until when a proof of who one is counts for acts of high stakes. */
export interface ProvenAgain {
  readonly until: Date;
}

/**
 * Proves again who calls, by their password or by what the provider just said of them: it counts for the token or session of this
 * call alone, and for some minutes.
 */
export async function proveAgain(
  context: AppContext,
  call: Call,
  by: ProveAgainBy,
): Promise<Outcome<Recorded<ProvenAgain>>> {
  const { actor } = call;
  const allowed = await attemptAllowed(context, `account:${actor.person}`);
  // Outside of the transaction: it takes a tenth of a second of a core.
  const known = allowed && 'password' in by && (await isPassword(context, actor, by.password));
  const deed = { type: 'session.proven-again', action: 'prove-again', object: `person/${actor.person}` };
  const outcome = await carryOut(context, call, deed, async (tx) => {
    if (!allowed) return refuse('too_many_requests', 'expected fewer attempts to prove it');
    const proven = 'password' in by ? known && justNow() : await provenThere(tx, actor, by);
    if (!proven || actor.kind !== 'person') return refuse('not_permitted', NOT_PROVEN);
    const { method, at } = proven;
    await noteAuthentication(tx, { person: actor.person, credential: actor.credential.id, method, at });
    const until = new Date(at.getTime() + context.identity.freshMinutes * 60_000);
    return done({ value: { until }, reason: `proved again by ${method}` });
  });
  if (outcome.ok) await clearAttempts(context.db, `account:${actor.person}`);
  return outcome;
}

const NOT_PROVEN =
  'expected the password of the account, or a code that the browser shows its person, got another';

interface Proof {
  readonly method: Method;
  readonly at: Date;
}

function justNow(): Proof {
  return { method: 'password', at: new Date() };
}

async function isPassword({ db }: AppContext, { person }: Actor, password: string): Promise<boolean> {
  return passwordMatches(password, await passwordOf(db, person));
}

/** What the provider said of this very person, and when they showed it who they are. */
async function provenThere(
  tx: Transaction,
  { person }: Actor,
  proof: Parameters<typeof redeem>[1],
): Promise<Proof | null> {
  const proven = await redeem(tx, proof);
  if (proven?.person !== person || proven.authenticatedAt === null) return null;
  return { method: 'oidc', at: proven.authenticatedAt };
}
