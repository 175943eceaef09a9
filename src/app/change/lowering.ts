import type { ChangeRow, Outline } from '../../store/changes.ts';
import { CRITICALITIES, SEVERITIES } from '../../kernel/policy/facts.ts';
import type { Transaction } from '../../store/database.ts';
import { refuse, type Refused } from '../outcome.ts';
import { counts, wordsOf } from './words.ts';

/**
 * POLICY section 3: criticality and severity are raised freely; what was declared is lowered only by an approved exception to
 * `criticality-floor` that stands on the revision as it is. A draft has declared nothing yet.
 */
export async function whyNotLowered(
  tx: Transaction,
  row: ChangeRow,
  wanted: Pick<Outline, 'criticality' | 'severity'>,
): Promise<Refused | null> {
  const isLower =
    CRITICALITIES.indexOf(wanted.criticality) > CRITICALITIES.indexOf(row.criticality) ||
    SEVERITIES.indexOf(wanted.severity) > SEVERITIES.indexOf(row.severity);
  if (!isLower || row.state === 'draft') return null;
  const { exceptions } = await wordsOf(tx, row.id);
  const isExcepted = exceptions.some(
    (one) => one.rule === 'criticality-floor' && one.approved_by !== null && counts(one, row.digest),
  );
  if (isExcepted) return null;
  return refuse(
    'not_permitted',
    `expected at least ${row.criticality} ${row.severity}, which it was declared as, or an approved exception to \`criticality-floor\`, got ${wanted.criticality} ${wanted.severity}`,
  );
}
