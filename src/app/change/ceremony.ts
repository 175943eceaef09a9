import type { CeremonyView } from '../../contract/ceremony.ts';
import { AppError } from '../../contract/errors.ts';
import { parseFacts, type FactsDocument } from '../../contract/facts.ts';
import type { ChangeState } from '../../kernel/change/state.ts';
import { ceremonyOf, isUnmet } from '../../kernel/policy/ceremony.ts';
import type { Action } from '../../kernel/policy/rule.ts';
import type { ChangeRow, RevisionRow } from '../../store/changes.ts';
import type { Transaction } from '../../store/database.ts';
import { budgetFacts } from '../budget/budget.ts';
import { ofPlan } from '../change-facts.ts';
import type { AppContext } from '../context.ts';
import { procedureFact } from '../procedure/record.ts';
import type { PlanHead } from './plan-head.ts';

/** The acts that still lie before a request, in their order. */
const AHEAD = {
  draft: ['schedule', 'start', 'step', 'complete'],
  unscheduled: ['schedule', 'start', 'step', 'complete'],
  scheduled: ['schedule', 'start', 'step', 'complete'],
  'in-progress': ['step', 'complete'],
  complete: [],
  aborted: [],
  rejected: [],
  cancelled: [],
} as const satisfies Record<ChangeState, readonly Action[]>;

/** What a request counts as and needs, by the facts of a question about it. */
export function ceremonyView(context: AppContext, document: FactsDocument, state: ChangeState): CeremonyView {
  const parsed = parseFacts(document);
  if (!parsed.ok) {
    const cause = new Error(JSON.stringify(parsed.problems));
    throw new AppError('internal', 'expected facts that can be read, got others', { cause });
  }
  const { floor, kind, needs } = ceremonyOf(context.policy.policy, parsed.facts, AHEAD[state]);
  return {
    floor: { ...floor, madeBy: [...floor.madeBy], unlisted: [...floor.unlisted] },
    effectiveKind: kind,
    needs: needs.map(({ verdict, ...need }) => ({ ...need, met: !isUnmet({ verdict }) })),
  };
}

/**
 * The same by what the plan alone says: of a request that was filed just now nothing was said yet, and of one that is over nobody
 * needs anything. Nobody is asked who is on duty: what a duty could meet is a need until the request is looked at.
 */
export async function ceremonyOfFiled(
  tx: Transaction,
  context: AppContext,
  row: ChangeRow,
  revision: Pick<RevisionRow, 'parts' | 'summary'> & { readonly plan: PlanHead },
): Promise<CeremonyView> {
  const { plan, summary } = revision;
  const { policy } = context;
  const excepted = plan.exceptions.length > 0;
  const document: FactsDocument = {
    action: 'schedule',
    actor: row.author,
    at: row.opened_at.toISOString(),
    change: {
      id: row.id,
      ...ofPlan(plan),
      author: row.author,
      authorIsBotOf: row.author_bot_of,
      procedure: await procedureFact(tx, policy, { revision, excepted }),
      plan: { ...summary },
      onCalendar: false,
    },
    errorBudgets: await budgetFacts(tx, new Set(plan.services), policy.file),
  };
  return ceremonyView(context, document, row.state);
}
