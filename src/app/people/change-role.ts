import type { Person, StandingRole } from '../../contract/people.ts';
import { findPerson, lockPerson } from '../../store/people.ts';
import { grantRole, lockAdmins, revokeRole } from '../../store/standing-roles.ts';
import type { Transaction } from '../../store/database.ts';
import type { Call } from '../actor.ts';
import { carryOut, type Recorded } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { digestOf } from '../digest.ts';
import { done, refuse, type Outcome, type Refused } from '../outcome.ts';
import { whyProveAuthority } from '../identity/fresh.ts';
import { LAST_ADMIN } from './change.ts';
import { personView } from './view.ts';

/** Which role of whom, and whether it is given or taken away. */
export interface RoleChange {
  readonly person: string;
  readonly role: StandingRole;
  readonly held: boolean;
}

/**
 * Gives a standing role, or takes it away; it counts, or no longer counts, from the commit on. Nobody gives one to
 * themselves: an administrator who wants to review or approve asks another.
 */
export async function changeRole(
  context: AppContext,
  call: Call,
  change: RoleChange,
): Promise<Outcome<Recorded<Person>>> {
  const deed = {
    type: change.held ? 'role.granted' : 'role.revoked',
    action: change.held ? 'grant' : 'revoke',
    object: `person/${change.person}`,
  };
  return carryOut(context, call, deed, async (tx) => {
    const before = await lockPerson(tx, change.person);
    if (!before)
      return refuse('not_found', `expected an account, got \`${change.person}\`, which there is none of`);
    if (before.kind !== 'person') {
      return refuse('not_permitted', 'expected a person, got a service account, which holds no role');
    }
    if (change.held && call.actor.person === change.person) {
      return refuse('not_permitted', 'expected another administrator to grant it, got oneself');
    }
    const refused =
      (await apply(tx, change, call.actor.person)) ??
      (change.held ? await whyProveAuthority(tx, context, call, 'a role is given') : null);
    if (refused) return refused;
    const value = personView((await findPerson(tx, change.person)) ?? before);
    return done({
      value,
      reason: `role ${change.role} ${change.held ? 'granted' : 'revoked'}`,
      before: digestOf(context, personView(before)),
      after: digestOf(context, value),
      details: { role: change.role },
    });
  });
}

async function apply(tx: Transaction, change: RoleChange, by: string): Promise<Refused | null> {
  const grant = { person: change.person, role: change.role, by };
  if (change.held) {
    if (await grantRole(tx, grant)) return null;
    return refuse('conflict', `expected a role not held yet, got \`${change.role}\``);
  }
  if (change.role === 'admin') {
    const admins = await lockAdmins(tx);
    if (admins.length === 1 && admins[0] === change.person) return refuse('last_admin', LAST_ADMIN);
  }
  if (await revokeRole(tx, grant)) return null;
  return refuse('conflict', `expected a role that is held, got \`${change.role}\``);
}
