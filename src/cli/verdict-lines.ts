import type { DecisionDocument } from '../contract/decision.ts';
import type { Verdict } from '../kernel/policy/rule.ts';
import { openingText } from './opening-text.ts';
import { table } from './table.ts';

/** What refuses first, then what to mind; the rest only where all is asked for. */
const SHORT: readonly Verdict[] = ['deny', 'unknown', 'warn'];
const WHOLE: readonly Verdict[] = [...SHORT, 'excepted', 'pass'];

/** A verdict as a table of rule, verdict and reason, then the next opening; empty where there is nothing to tell. */
export function verdictLines(decision: DecisionDocument, all = false): string[] {
  const rows = (all ? WHOLE : SHORT).flatMap((wanted) =>
    decision.verdicts
      .filter(({ verdict }) => verdict === wanted)
      .map(({ rule, verdict, because, clearsAt }) => [rule, verdict, clearsAt ?? '-', because]),
  );
  const lines = rows.length === 0 ? [] : table([['RULE', 'VERDICT', 'CLEARS AT', 'BECAUSE'], ...rows]);
  const opening = openingText(decision);
  return opening === null ? lines : [...lines, opening];
}
