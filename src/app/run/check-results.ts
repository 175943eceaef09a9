import type { CheckResult } from '../../contract/check.ts';
import type { MeasuredCheck } from '../../contract/check-results.ts';
import { checkResult, checkResultsOf } from '../../store/check-results.ts';
import { findChange } from '../../store/changes.ts';
import type { Queries } from '../../store/database.ts';
import { done, refuse, type Outcome } from '../outcome.ts';

/** What every check of the plan as it is now came to when it was measured last. Results of another plan say nothing of this one. */
export async function listCheckResults(db: Queries, changeId: string): Promise<Outcome<MeasuredCheck[]>> {
  const row = await findChange(db, changeId);
  if (!row) return refuse('not_found', `expected a change, got \`${changeId}\`, which there is none of`);
  const results = await checkResultsOf(db, { changeId, digest: row.digest });
  return done(results.map(({ measured_at: at, ...result }) => ({ ...result, measuredAt: at.toISOString() })));
}

/** One result with its measurements and their raw answers. */
export async function showCheckResult(
  db: Queries,
  changeId: string,
  id: string,
): Promise<Outcome<CheckResult>> {
  const found = await checkResult(db, changeId, id);
  return found ? done(found) : refuse('not_found', `expected a result of \`${changeId}\`, got \`${id}\``);
}
