import type { Transaction } from '../../store/database.ts';
import { humanOf, linkAccount } from '../../store/humans.ts';
import { lockPeople, type PersonRow } from '../../store/people.ts';
import { refuse, type Refused } from '../outcome.ts';

/**
 * Says that an account belongs to the human of another one: from then on they are one in every quorum, and one's own work stays
 * one's own under both names. `null` says that it belongs to nobody else.
 */
export async function changeHuman(
  tx: Transaction,
  account: PersonRow,
  sameAs: string | null,
  by: string,
): Promise<Refused | null> {
  // The links of others must not change while this one is looked at.
  await lockPeople(tx);
  if (sameAs === null) return unlink(tx, account, by);
  if (account.kind !== 'person')
    return refuse('invalid', 'expected an account of a person, got one of a service');
  const other = await humanOf(tx, sameAs);
  const own = await humanOf(tx, account.name);
  if (!other || !own) return refuse('invalid', `expected the account of a person, got \`${sameAs}\``);
  if (own.isFirstOfSeveral) {
    return refuse('conflict', 'expected an account that no other is linked to: link it the other way round');
  }
  if (other.human === account.name) return refuse('invalid', 'expected another account, got the same one');
  if (account.same_human_as !== null && account.same_human_as !== other.human) {
    return refuse('conflict', `expected an account without a link, got one of \`${account.same_human_as}\``);
  }
  await linkAccount(tx, account.name, other.human);
  return null;
}

/** Taking a link away makes one into two, so nobody does that for themselves. */
async function unlink(tx: Transaction, { name }: PersonRow, by: string): Promise<Refused | null> {
  const own = await humanOf(tx, name);
  if (own?.human === (await humanOf(tx, by))?.human) {
    return refuse('not_permitted', 'expected another administrator to take one’s own link away');
  }
  await linkAccount(tx, name, null);
  return null;
}
