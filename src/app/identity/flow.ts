import { hash } from 'node:crypto';
import { AppError } from '../../contract/errors.ts';
import type { NewFlow } from '../../contract/sign-in.ts';
import { transact } from '../../store/database.ts';
import { insertFlow } from '../../store/sign-in-flows.ts';
import type { AppContext } from '../context.ts';
import type { IdentityProvider, SignInFlow } from '../ports/identity-provider.ts';
import { newId, newSecret } from '../secrets.ts';
import { attemptAllowed } from '../sessions/attempts.ts';
import type { Door } from '../sessions/sign-in.ts';

/** A way to the provider that has begun: where to send the browser, and what it keeps as a cookie. */
export interface BegunFlow {
  readonly url: string;
  readonly cookie: string;
}

/**
 * Begins a way to the provider and back. Nothing of it stands in the database but the hash of the cookie: `state`, `nonce` and the
 * verifier are made from the cookie, so that only the browser which began it can end it.
 *
 * @throws {AppError} `not_found` without a provider, `too_many_requests`, `unavailable` where it does not answer.
 */
export async function beginFlow(context: AppContext, wanted: NewFlow, door: Door): Promise<BegunFlow> {
  const provider = providerOf(context);
  if (!(await attemptAllowed(context, `address:${door.address}`))) throw new AppError('too_many_requests');
  const secret = newSecret('flow');
  const url = await provider.begin(flowOf(secret.text, wanted.again));
  if (url === null)
    throw new AppError('unavailable', 'expected an answer of the identity provider, got none');
  const challenge = wanted.terminal === undefined ? null : Buffer.from(wanted.terminal, 'base64url');
  await transact(context.db, (tx) =>
    insertFlow(tx, { id: newId('flow'), secretHash: secret.hash, again: wanted.again, challenge }),
  );
  return { url, cookie: secret.text };
}

/** The provider that is configured. @throws {AppError} `not_found` */
export function providerOf({ identity: { provider } }: AppContext): IdentityProvider {
  if (provider === null)
    throw new AppError('not_found', 'expected an identity provider, got none: it is not configured');
  return provider;
}

/** What binds a flow to its browser: three values, none of which tells another or the cookie. */
export function flowOf(cookie: string, again: boolean): SignInFlow {
  const value = (part: string) => hash('sha256', `${part}:${cookie}`, 'base64url');
  return { state: value('state'), nonce: value('nonce'), verifier: value('verifier'), again };
}
