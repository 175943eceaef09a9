import { sql } from 'kysely';
import type { LedgerDraft } from '../contract/ledger.ts';
import type { Action } from '../kernel/policy/rule.ts';
import type { Queries, Transaction } from './database.ts';
import { appending } from './ledger.ts';
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

/** An answer with its entry of the ledger, whose index it bears. */
export type NewDecision = Omit<DecisionRow, 'at' | 'ledger_index'> & { readonly entry: LedgerDraft };

/** Appends the entries of answers, and stores each answer with its facts under the index of its own, in one statement; the indexes. */
export async function appendDecisions(
  tx: Transaction,
  decisions: readonly NewDecision[],
): Promise<readonly bigint[]> {
  const column = <K extends keyof NewDecision>(name: K) => decisions.map((decision) => decision[name]);
  const { rows } = await sql<{ ledger_index: bigint }>`
    /* prepared: decisions_append */ insert into decisions (ledger_index, change_id, action, actor, allowed, facts, answer)
    select index, change_id, action, actor, allowed, facts, answer
    from rows from (
      ${appending(column('entry'))},
      unnest(${column('change_id')}::text[]), unnest(${textArray(column('action'))}::text[]),
      unnest(${textArray(column('actor'))}::text[]), unnest(${column('allowed')}::boolean[]),
      unnest(${textArray(column('facts'))}::text[]), unnest(${textArray(column('answer'))}::text[])
    ) as given (index, time, change_id, action, actor, allowed, facts, answer)
    returning ledger_index`.execute(tx);
  return rows.map(({ ledger_index }) => ledger_index);
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
