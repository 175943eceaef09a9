import { standingException } from './exception.ts';
import type { Finding } from './finding.ts';
import type { Judged } from './judged.ts';
import type { RuleId } from './rule.ts';

/** What holds at a rollback as well: these two say for themselves what stops one. */
const STOPS_ROLLBACK: ReadonlySet<RuleId> = new Set(['run-from-bastion', 'eoc-veto']);

/**
 * Turns what a rule found into what it says: an approved exception waives a denial, a rollback and an emergency
 * turn what would stop into a warning, and so does a policy that only wants advice.
 */
export function settle(question: Judged, rule: RuleId, finding: Finding): Finding {
  if (finding.verdict !== 'deny' && finding.verdict !== 'unknown') return finding;
  if (finding.verdict === 'deny') {
    const exception = standingException(question, rule);
    if (exception !== null) {
      return finding.alsoUnknown === true
        ? {
            verdict: 'unknown',
            because: `${finding.because} The exception does not cover what is not known besides.`,
          }
        : {
            verdict: 'excepted',
            because: `${finding.because} Excepted: ${exception.reason} (${exception.approvedBy}).`,
          };
    }
  }
  const why = whyOnlyWarning(question, rule);
  return why === null ? finding : { ...finding, verdict: 'warn', because: `${finding.because}${why}` };
}

function whyOnlyWarning({ action, emergency, policy }: Judged, rule: RuleId): string | null {
  if (action === 'rollback' && !STOPS_ROLLBACK.has(rule)) return ' It does not stop a rollback.';
  if (emergency !== null && !policy.emergency.keeps.has(rule)) {
    return ` The emergency of ${emergency.incident} goes on all the same.`;
  }
  return policy.rules[rule].level === 'warn' ? '' : null;
}

/** Whether a denial of this rule would stop the question as things stand: exceptions and emergency included. */
export function wouldStop(question: Judged, rule: RuleId): boolean {
  if (question.policy.rules[rule].level !== 'deny') return false;
  return standingException(question, rule) === null && whyOnlyWarning(question, rule) === null;
}
