import { AppError } from '../../contract/errors.ts';
import type { Scope } from '../../contract/people.ts';
import type { SignIn } from '../../contract/sessions.ts';
import { noteAuthentication } from '../../store/authentications.ts';
import { callerByToken } from '../../store/callers.ts';
import { findPerson, passwordOf } from '../../store/people.ts';
import { clearAttempts, insertSession } from '../../store/sessions.ts';
import { systemCall, type Call } from '../actor.ts';
import { carryOut } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { done, refuse, valueOf } from '../outcome.ts';
import { passwordMatches } from '../passwords.ts';
import { newId, newSecret, secretHash } from '../secrets.ts';
import { attemptAllowed } from './attempts.ts';

export const SESSION_HOURS = 12;

/** Where a sign-in comes from. */
export interface Door {
  readonly address: string;
  readonly requestId: string;
}

/** A session that has begun; `cookie` is the one copy of what proves it. */
export interface NewlySignedIn {
  readonly name: string;
  readonly cookie: string;
  readonly expiresAt: Date;
}

/** What was proven: which account, by which token or by its password, and what the session may be used for. */
interface Proven {
  readonly name: string;
  readonly token: string | null;
  readonly scopes: readonly Scope[];
}

/** Begins a session. @throws {AppError} `unauthenticated` for whatever does not fit, `too_many_requests` */
export async function beginSession(context: AppContext, wanted: SignIn, door: Door): Promise<NewlySignedIn> {
  await limit(context, wanted, door);
  const proven = await prove(context, wanted);
  if (!proven) {
    await recordFailure(context, wanted, door);
    throw new AppError('unauthenticated');
  }
  if (proven.token === null) await clearAttempts(context.db, `account:${proven.name}`);
  const secret = newSecret('session');
  const id = newId('ses');
  const deed = { type: 'session.begun', action: 'sign-in', object: `person/${proven.name}` };
  const begun = await carryOut(context, signInCall(door, proven.name), deed, async (tx) => {
    const { name, token, scopes } = proven;
    const expiresAt = await insertSession(tx, {
      id,
      person: name,
      token,
      secretHash: secret.hash,
      scopes,
      hours: SESSION_HOURS,
    });
    if (token === null) await noteAuthentication(tx, { person: name, credential: id, method: 'password' });
    const value = { name, cookie: secret.text, expiresAt };
    return done({ value, reason: `signed in by ${token ?? 'password'}`, details: { session: id } });
  });
  return valueOf(begun).value;
}

async function limit(context: AppContext, wanted: SignIn, door: Door): Promise<void> {
  const address = await attemptAllowed(context, `address:${door.address}`);
  const account = 'token' in wanted || (await attemptAllowed(context, `account:${wanted.account}`));
  if (!address || !account) throw new AppError('too_many_requests');
}

async function prove(context: AppContext, wanted: SignIn): Promise<Proven | null> {
  if ('token' in wanted) {
    const hash = secretHash('token', wanted.token);
    const row = hash ? await callerByToken(context.db, hash) : undefined;
    return row?.kind === 'person' ? { name: row.name, token: row.credential, scopes: row.scopes } : null;
  }
  const stored = await passwordOf(context.db, wanted.account);
  if (!(await passwordMatches(wanted.password, stored))) return null;
  const person = await findPerson(context.db, wanted.account);
  if (!person) return null;
  const admin: Scope[] = person.roles.includes('admin') ? ['admin'] : [];
  return { name: person.name, token: null, scopes: ['read', 'ask', 'act', ...admin] };
}

/** A wrong password of an account that exists is recorded; the limit bounds how often. Of others nothing is kept. */
async function recordFailure(context: AppContext, wanted: SignIn, door: Door): Promise<void> {
  context.metrics.count('interlock_unauthenticated_total');
  if ('token' in wanted || !(await findPerson(context.db, wanted.account))) return;
  const deed = { type: 'session.refused', action: 'sign-in', object: `person/${wanted.account}` };
  await carryOut(context, signInCall(door), deed, () =>
    Promise.resolve(refuse('unauthenticated', 'expected the password of the account')),
  );
}

/** Nobody has proven who they are before this: the record names the door, and after the proof the account. */
export function signInCall(door: Door, name = 'sign-in'): Call {
  const call = systemCall(name);
  return { ...call, requestId: door.requestId, source: 'web' };
}
