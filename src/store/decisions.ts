import { sql } from 'kysely';
import type { Action } from '../kernel/policy/rule.ts';
import type { Queries, Transaction } from './database.ts';
import { textArray } from './text-array.ts';

/** A stored answer, with the facts it was given. */
export interface DecisionRow {
  readonly ledger_index: bigint;
  readonly change_id: string | null;
  readonly action: Action;
  readonly actor: string;
  readonly allowed: boolean;
  /** Canonical JSON of the facts document; asked again, it gives the same answer. */
  readonly facts: string;
  /** Canonical JSON of the decision document. */
  readonly answer: string;
  readonly at: Date;
}

/** Inserts answers, each with its facts, in one statement. */
export async function insertDecisions(
  tx: Transaction,
  decisions: readonly Omit<DecisionRow, 'at'>[],
): Promise<void> {
  const column = <K extends keyof DecisionRow>(name: K & keyof (typeof decisions)[number]) =>
    decisions.map((decision) => decision[name]);
  await sql`
    /* prepared: decisions_insert */ insert into decisions (ledger_index, change_id, action, actor, allowed, facts, answer)
    select * from unnest(${column('ledger_index')}::bigint[], ${column('change_id')}::text[], ${column('action')}::text[],
      ${column('actor')}::text[], ${column('allowed')}::boolean[], ${textArray(column('facts'))}::text[], ${textArray(column('answer'))}::text[])`.execute(
    tx,
  );
}

/** Decisions of a request, the newest first; those before one, where it is named. */
export async function decisionsOf(
  db: Queries,
  changeId: string,
  { before, limit }: { readonly before: bigint | null; readonly limit: number },
): Promise<DecisionRow[]> {
  return (
    await sql<DecisionRow>`
      select ledger_index, change_id, action, actor, allowed, facts, answer, at from decisions
      where change_id = ${changeId} and (${before}::bigint is null or ledger_index < ${before})
      order by ledger_index desc limit ${limit}`.execute(db)
  ).rows;
}
