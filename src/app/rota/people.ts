import type { Transaction } from '../../store/database.ts';
import { listPeople } from '../../store/people.ts';

/** Everybody who can be on call: people, not services, who are not shut out. */
export async function peopleWhoAnswer(tx: Transaction): Promise<ReadonlySet<string>> {
  const people = await listPeople(tx);
  return new Set(
    people
      .filter(({ kind, disabled_at }) => kind === 'person' && disabled_at === null)
      .map(({ name }) => name),
  );
}
