import type { NewPassword } from '../../contract/people.ts';
import { lockPerson, passwordOf, setPassword } from '../../store/people.ts';
import { endSessionsOf } from '../../store/sessions.ts';
import type { Call } from '../actor.ts';
import { carryOut, type Recorded } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import { whyProveAuthority } from '../identity/fresh.ts';
import { hashPassword, passwordMatches } from '../passwords.ts';
import { attemptAllowed } from '../sessions/attempts.ts';
import { VOUCHED_ELSEWHERE } from './issue-token.ts';
import { mayManage } from './may-manage.ts';

/**
 * Sets an account's password: an administrator for anybody, everybody else for themselves with the one until now. All
 * sessions of that account end.
 */
export async function changePassword(
  context: AppContext,
  call: Call,
  name: string,
  wanted: NewPassword,
): Promise<Outcome<Recorded<null>>> {
  const proven = await provesOwn(context, call, name, wanted.current);
  const allowed = proven || mayManage(call.actor);
  const password = allowed ? await hashPassword(wanted.password) : null;
  const deed = { type: 'person.password-set', action: 'set-password', object: `person/${name}` };
  return carryOut(context, call, deed, async (tx) => {
    if (password === null) {
      return refuse('not_permitted', 'expected the current password of one’s own account');
    }
    const person = await lockPerson(tx, name);
    if (!person) return refuse('not_found', `expected an account, got \`${name}\`, which there is none of`);
    if (person.kind !== 'person') {
      return refuse('not_permitted', 'expected a person, got a service account, which has no password');
    }
    if (person.issuer !== 'local') return refuse('not_permitted', VOUCHED_ELSEWHERE);
    const unproven = proven ? null : await whyProveAuthority(tx, context, call, 'a password is set');
    if (unproven) return unproven;
    await setPassword(tx, name, password);
    const ended = await endSessionsOf(tx, name);
    return done({ value: null, reason: 'password set', details: { 'sessions-ended': ended } });
  });
}

async function provesOwn(
  context: AppContext,
  call: Call,
  name: string,
  current: string | undefined,
): Promise<boolean> {
  if (call.actor.person !== name || current === undefined) return false;
  if (!(await attemptAllowed(context, `account:${name}`))) return false;
  return passwordMatches(current, await passwordOf(context.db, name));
}
