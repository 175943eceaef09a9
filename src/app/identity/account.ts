import { directoryFile } from '../../contract/directory.ts';
import type { StandingRole } from '../../contract/people.ts';
import type { Transaction } from '../../store/database.ts';
import { directoryInForce } from '../../store/directories.ts';
import { findPerson, lockPeople, type PersonRow } from '../../store/people.ts';
import { accountOf, insertVouched, noteVouched, setRolesBy } from '../../store/vouched.ts';
import type { Vouched } from '../ports/identity-provider.ts';

/** An account that a provider vouches for, and what its word changed. */
export interface VouchedAccount {
  readonly person: PersonRow;
  readonly made: boolean;
  readonly given: readonly StandingRole[];
  readonly ended: readonly StandingRole[];
}

const MOST_NAMES = 1_000;

/**
 * The account of whom a provider vouches for, made at their first sign-in, with the roles that their groups give as of now.
 *
 * INVARIANT: an account is found by issuer and subject. A name or an e-mail that another account bears opens nothing.
 */
export async function vouchedAccount(tx: Transaction, vouched: Vouched): Promise<VouchedAccount> {
  await lockPeople(tx);
  const known = await accountOf(tx, vouched.issuer, vouched.subject);
  const name = known?.name ?? (await makeAccount(tx, vouched));
  await noteVouched(tx, name);
  const roles = known?.disabled === true ? [] : await rolesByGroups(tx, vouched.groups);
  const changed = await setRolesBy(tx, 'claims', name, roles);
  const person = await findPerson(tx, name);
  if (!person) throw new Error('expected the account that was just looked up, got none');
  return { person, made: known === undefined, ...changed };
}

async function makeAccount(
  tx: Transaction,
  { issuer, subject, accountHint, displayName }: Vouched,
): Promise<string> {
  const wished = accountNameFrom(accountHint);
  for (let number = 1; number <= MOST_NAMES; number += 1) {
    const name = number === 1 ? wished : `${wished}-${number}`;
    if (name === 'system') continue;
    const person = { name, displayName: displayName?.slice(0, 120) ?? name, issuer, subject };
    if (await insertVouched(tx, person)) return name;
  }
  throw new Error(`expected a free account name, got ${MOST_NAMES} taken ones`);
}

/** `Ana.Smith@illumidesk.com` is `ana.smith`. */
export function accountNameFrom(hint: string | null): string {
  const local = (hint ?? '').split('@')[0] ?? '';
  const plain = local
    .toLowerCase()
    .slice(0, 256)
    .replaceAll(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .replace(/[^a-z0-9]+$/, '')
    .slice(0, 56);
  return plain === '' ? 'person' : plain;
}

async function rolesByGroups(tx: Transaction, groups: readonly string[]): Promise<StandingRole[]> {
  const row = await directoryInForce(tx);
  if (!row) return [];
  // It was read by this schema when it was applied.
  const { groups: given } = directoryFile.parse(row.document);
  return [...new Set(groups.flatMap((group) => (Object.hasOwn(given, group) ? (given[group] ?? []) : [])))];
}
