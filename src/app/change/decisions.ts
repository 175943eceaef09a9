import type { DecisionQuery, StoredDecision, StoredDecisions } from '../../contract/change-lists.ts';
import { decisionDocumentSchema } from '../../contract/decision.ts';
import { findChange } from '../../store/changes.ts';
import { decisionsOf, type DecisionRow } from '../../store/decisions.ts';
import type { AppContext } from '../context.ts';
import { pageOf } from '../page-of.ts';
import { noChange } from './show.ts';

/** A page of stored decisions about a request, with their facts, the newest first. @throws {AppError} `not_found` */
export async function readDecisions(
  context: AppContext,
  id: string,
  { before, limit }: DecisionQuery,
): Promise<StoredDecisions> {
  if (!(await findChange(context.db, id))) throw noChange(id);
  const from = before === undefined ? null : BigInt(before);
  const rows = await decisionsOf(context.db, id, { before: from, limit: limit + 1 });
  const { page, next } = pageOf(rows, limit, ({ ledger_index }) => ledger_index.toString());
  return { decisions: page.map(storedDecision), next };
}

function storedDecision({
  ledger_index,
  action,
  actor,
  allowed,
  at,
  answer,
  facts,
}: DecisionRow): StoredDecision {
  return {
    ledgerIndex: ledger_index.toString(),
    action,
    actor,
    at: at.toISOString(),
    allowed,
    decision: decisionDocumentSchema.parse(JSON.parse(answer)),
    // Written by us as the canonical form of a facts document.
    facts: JSON.parse(facts) as Record<string, unknown>,
  };
}
