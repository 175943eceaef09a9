import type { StoredDecision } from '../../contract/change-lists.ts';
import { decisionDocumentSchema } from '../../contract/decision.ts';
import { findChange } from '../../store/changes.ts';
import { decisionsOf, type DecisionRow } from '../../store/decisions.ts';
import type { AppContext } from '../context.ts';
import { noChange } from './show.ts';

/** The newest stored decisions about a request, with their facts. @throws {AppError} `not_found` */
export async function readDecisions(
  context: AppContext,
  id: string,
  limit: number,
): Promise<StoredDecision[]> {
  if (!(await findChange(context.db, id))) throw noChange(id);
  return (await decisionsOf(context.db, id, limit)).map(storedDecision);
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
