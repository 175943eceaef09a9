import type { Person, PersonChange } from '../../contract/people.ts';
import type { Transaction } from '../../store/database.ts';
import { findPerson, lockPerson, setDisabled, setDisplayName, type PersonRow } from '../../store/people.ts';
import { lockRota, transactionInstant } from '../../store/rota.ts';
import { endSessionsOf } from '../../store/sessions.ts';
import { lockAdmins, revokeRolesOf } from '../../store/standing-roles.ts';
import { revokeTokensOf } from '../../store/tokens.ts';
import { giveBackAll } from '../account-link/lent.ts';
import type { Call } from '../actor.ts';
import { carryOut, type Recorded } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { digestOf } from '../digest.ts';
import { done, refuse, type Outcome, type Refused } from '../outcome.ts';
import { whyProveAuthority } from '../identity/fresh.ts';
import { changeHuman } from '../identity/link.ts';
import { takeOffRotas } from '../rota/lay.ts';
import { personView } from './view.ts';

/**
 * Renames an account for the screen, shuts it out, lets it in again, or says whose further account it is. Shutting out ends all that it had for good: roles, shifts
 * from now on, tokens, sessions.
 */
export async function changePerson(
  context: AppContext,
  call: Call,
  name: string,
  change: PersonChange,
): Promise<Outcome<Recorded<Person>>> {
  const deed = { type: 'person.changed', action: 'change', object: `person/${name}` };
  return carryOut(context, call, deed, async (tx) => {
    // In the order of `setRota`, which holds the rota before it looks at people.
    if (change.disabled === true) await lockRota(tx);
    const before = await lockPerson(tx, name);
    if (!before) return refuse('not_found', `expected an account, got \`${name}\`, which there is none of`);
    if (change.displayName !== undefined) await setDisplayName(tx, name, change.displayName);
    const by = call.actor.person;
    const refused =
      (change.sameHumanAs === undefined ? null : await changeHuman(tx, before, change.sameHumanAs, by)) ??
      (await changeDisabled(tx, context, before, { disabled: change.disabled, by })) ??
      (change.disabled === false || change.sameHumanAs !== undefined
        ? await whyProveAuthority(tx, context, call, 'an account is let in or said to be another human’s')
        : null);
    if (refused) return refused;
    const after = (await findPerson(tx, name)) ?? before;
    const value = personView(after);
    return done({
      value,
      reason: changed(change),
      details: { 'same-human-as': value.sameHumanAs },
      before: digestOf(context, personView(before)),
      after: digestOf(context, value),
    });
  });
}

async function changeDisabled(
  tx: Transaction,
  context: AppContext,
  person: PersonRow,
  { disabled, by }: { readonly disabled: boolean | undefined; readonly by: string },
): Promise<Refused | null> {
  if (disabled === undefined || disabled === (person.disabled_at !== null)) return null;
  if (disabled) {
    const admins = await lockAdmins(tx);
    if (admins.length === 1 && admins[0] === person.name) return refuse('last_admin', LAST_ADMIN);
    await endSessionsOf(tx, person.name);
    await revokeTokensOf(tx, person.name);
    await revokeRolesOf(tx, person.name, by);
    await giveBackAll(tx, person.name);
    await takeOffRotas(tx, context, person.name, { now: await transactionInstant(tx), by });
  }
  await setDisabled(tx, person.name, disabled);
  return null;
}

/** Why the last administrator stays one. */
export const LAST_ADMIN = 'expected another administrator to remain, got the last one';

function changed(change: PersonChange): string {
  const name = change.displayName === undefined ? [] : ['display name changed'];
  const disabled =
    change.disabled === undefined ? [] : [change.disabled ? 'account shut out' : 'account let in'];
  const human = change.sameHumanAs === undefined ? [] : ['human changed'];
  return [...name, ...disabled, ...human].join(', ');
}
