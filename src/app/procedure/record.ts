import { parseFacts } from '../../contract/facts.ts';
import type { FactsDocument } from '../../contract/facts.ts';
import type { Plan } from '../../contract/plan.ts';
import { graduation, type Graduation } from '../../kernel/procedure/graduation.ts';
import { wasReviewed } from '../../kernel/policy/reviewed.ts';
import { clock } from '../../store/clock.ts';
import type { RevisionRow } from '../../store/changes.ts';
import type { Transaction } from '../../store/database.ts';
import { recordOfParts, type ProcedureRow } from '../../store/procedures.ts';
import type { PolicyInForce } from '../context.ts';

type ProcedureFact = NonNullable<FactsDocument['change']>['procedure'];

/** What the facts say of the procedure that a request's plan was made from, in the version that this plan is. */
export async function procedureFact(
  tx: Transaction,
  policy: PolicyInForce,
  { revision, excepted }: ProcedureOfChange,
): Promise<ProcedureFact> {
  const name = revision.plan.procedure;
  if (name === undefined) return null;
  const row = await recordOfParts(tx, name, revision.parts);
  if (row === undefined) return { id: name, successfulRuns: 0, graduated: false };
  const { graduated } = graduationOf(policy, row, await clock(tx));
  return { id: name, successfulRuns: row.row_excepted.length, graduated: graduated && !excepted };
}

interface ProcedureOfChange {
  readonly revision: Pick<RevisionRow, 'parts'> & { readonly plan: Pick<Plan, 'procedure'> };
  /** The request itself stands on an exception: it is no routine use of the procedure. */
  readonly excepted: boolean;
}

/** What a version lacks by the policy in force, at an instant. */
export function graduationOf({ policy, file }: PolicyInForce, row: ProcedureRow, at: number): Graduation {
  const { successfulRuns, withoutIncident } = file.graduation;
  return graduation(
    {
      runs: row.runs,
      row: row.row_excepted.map((excepted) => ({ excepted })),
      firstRunReviewed: reviewedAtStart(policy, row.first_facts),
      hasManualStep: row.manual,
      hasUncheckedAssumption: row.unchecked,
      rolledBack: row.rolled_back,
      lastIncident: row.last_incident?.getTime() ?? null,
    },
    { successfulRuns, withoutIncidentMs: withoutIncident },
    at,
  );
}

/** By the facts that were recorded as it started: what was said of it later is no review before it. */
function reviewedAtStart(policy: PolicyInForce['policy'], facts: string | null): boolean {
  if (facts === null) return false;
  const read = parseFacts(JSON.parse(facts));
  return read.ok && wasReviewed(policy, read.facts);
}
