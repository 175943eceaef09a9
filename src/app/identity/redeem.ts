import { hash } from 'node:crypto';
import { AppError } from '../../contract/errors.ts';
import type { Token } from '../../contract/people.ts';
import type { TerminalProof, TerminalSignIn } from '../../contract/sign-in.ts';
import { noteAuthentication } from '../../store/authentications.ts';
import type { Transaction } from '../../store/database.ts';
import { lockPerson } from '../../store/people.ts';
import { redeemFlow } from '../../store/sign-in-flows.ts';
import { insertToken } from '../../store/tokens.ts';
import { carryOut } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { done, refuse } from '../outcome.ts';
import { tokenView } from '../people/view.ts';
import { codeHash, newId, newSecret } from '../secrets.ts';
import { attemptAllowed } from '../sessions/attempts.ts';
import { signInCall, type Door } from '../sessions/sign-in.ts';
import { scopesOf } from './complete.ts';

const DAYS = 30;

/** What a code and the terminal that waits for it prove together: who, and when they showed it to the provider. */
export async function redeem(tx: Transaction, { code, verifier }: TerminalProof) {
  const challenge = hash('sha256', verifier, 'buffer');
  return redeemFlow(tx, challenge, codeHash(code));
}

/**
 * Signs a terminal in: a token for the person who read the code in the browser, shown this once.
 *
 * @throws {AppError} `unauthenticated` for whatever does not fit, `too_many_requests`
 */
export async function signInTerminal(
  context: AppContext,
  wanted: TerminalSignIn,
  door: Door,
): Promise<Token & { secret: string }> {
  if (!(await attemptAllowed(context, `address:${door.address}`))) throw new AppError('too_many_requests');
  const deed = { type: 'token.issued', action: 'sign-in', object: 'sign-in/terminal' };
  const outcome = await carryOut(context, signInCall(door, 'terminal'), deed, async (tx) => {
    const proven = await redeem(tx, wanted);
    const person = proven && (await lockPerson(tx, proven.person));
    if (!proven || !person || person.disabled_at !== null) {
      return refuse(
        'unauthenticated',
        'expected the code that the browser shows for this terminal, got another',
      );
    }
    const secret = newSecret('token');
    const row = await insertToken(tx, {
      id: newId('tok'),
      person: person.name,
      label: wanted.label,
      secretHash: secret.hash,
      scopes: scopesOf(person),
      days: DAYS,
      by: person.name,
    });
    if (proven.authenticatedAt !== null) {
      const at = proven.authenticatedAt;
      await noteAuthentication(tx, { person: person.name, credential: row.id, method: 'oidc', at });
    }
    return done({
      value: { ...tokenView(row), secret: secret.text },
      object: `person/${person.name}`,
      reason: 'signed in at a terminal by the provider',
      details: { token: row.id, flow: proven.id, 'expires-at': row.expires_at.toISOString() },
    });
  });
  if (!outcome.ok)
    throw new AppError('unauthenticated', 'expected the code that the browser shows, got another');
  return outcome.value.value;
}
