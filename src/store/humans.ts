import { sql } from 'kysely';
import type { Queries, Transaction } from './database.ts';

/** Whether one of these accounts belongs to the human of this one, or is a bot of theirs. */
export async function isSameHuman(
  db: Queries,
  person: string,
  accounts: readonly (string | null | undefined)[],
): Promise<boolean> {
  const named = accounts.filter((account) => account !== null && account !== undefined);
  if (named.includes(person)) return true;
  const { rows } = await sql<{ same: boolean }>`
    select exists (
      select from unnest(${named}::text[]) as asked (account) where human_of(asked.account) = human_of(${person})
    ) as same`.execute(db);
  return rows[0]?.same ?? true;
}

/** The first account of its human, for every account that is another one. */
export const linkedAccounts = sql<{ readonly name: string; readonly same_human_as: string }>`
  select name, same_human_as from people where same_human_as is not null`;

/** Says that an account belongs to the human of another one, or to nobody else. The people must be locked. */
export async function linkAccount(tx: Transaction, name: string, to: string | null): Promise<void> {
  await tx.updateTable('people').set({ same_human_as: to }).where('name', '=', name).execute();
}

/** The first account of the human of an account, and whether others are linked to this very one. */
export async function humanOf(
  db: Queries,
  name: string,
): Promise<{ readonly human: string; readonly isFirstOfSeveral: boolean } | undefined> {
  const { rows } = await sql<{ human: string; several: boolean }>`
    select human_of(name) as human, exists (select from people o where o.same_human_as = p.name) as several
    from people p where name = ${name}`.execute(db);
  const row = rows[0];
  return row && { human: row.human, isFirstOfSeveral: row.several };
}
