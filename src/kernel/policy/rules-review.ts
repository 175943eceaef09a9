import { deny, missing, pass, unknown, type Finding } from './finding.ts';
import { listed, waysOf } from './in-words.ts';
import type { Judged } from './judged.ts';
import type { Ways } from './policy.ts';
import { asks } from './question.ts';
import { both, not, type Truth } from './truth.ts';
import { everyApprover, judgeApproval, whatWasSeen, type WantedWays } from './ways.ts';

// Who reviewed and approved the plan.

const PLAN = 'plan';
const EOC_REVIEW: WantedWays = { ways: waysOf([['eoc']]), for: PLAN };

export function directorApproval(question: Judged): Finding | null {
  const { maintenance } = question.kind;
  if (maintenance === false) return null;
  return planApproved(question, maintenance, question.policy.approvals.director);
}

export function managementApproval(question: Judged): Finding | null {
  const applies = both(asks(question, 'management-approval'), not(question.kind.mature));
  if (applies === false) return null;
  return planApproved(question, applies, question.policy.approvals.management);
}

function planApproved(question: Judged, applies: Truth, ways: Ways): Finding {
  if (applies === undefined) return notKnownWhether(question);
  const roles = ways.inWords;
  return judgeApproval(
    question,
    { ways, for: PLAN },
    {
      given: `The plan has the approval of ${roles}`,
      needs: `The plan needs the approval of ${roles}, because ${reasonOf(question)}`,
    },
  );
}

function reasonOf({ kind, change }: Judged): string {
  return kind.maintenance === true ? kind.because : `it is ${change.criticality ?? 'of this criticality'}`;
}

function notKnownWhether({ kind, ceremony }: Judged): Finding {
  return missing(
    ceremony === undefined ? 'the criticality' : `to know what kind of change this is (${kind.because})`,
  );
}

export function reviewQuorum(question: Judged): Finding | null {
  const { change, policy, kind } = question;
  if (kind.maintenance === false) return null;
  if (kind.maintenance === undefined) return notKnownWhether(question);
  if (change.severity === undefined) return missing('the severity');
  const wanted = { ways: policy.approvals.review, for: PLAN };
  const { reviewers } = policy.severities[change.severity];
  const { sure, perhaps } = everyApprover(question, wanted);
  const because = `${reviewers} reviewers wanted for ${change.severity} maintenance, ${sure.length} counted`;
  if (sure.length >= reviewers) return pass(`${because}: ${listed(sure)}.`);
  const seen = `${because}: ${whatWasSeen(question, wanted)}.`;
  return new Set([...sure, ...perhaps]).size >= reviewers ? unknown(seen) : deny(seen);
}

export function firstIterationReview(question: Judged): Finding | null {
  const { procedure } = question.change;
  const proven: Truth =
    procedure === null
      ? false
      : procedure.successfulRuns === undefined
        ? undefined
        : procedure.successfulRuns > 0;
  const applies = both(
    asks(question, 'first-iteration-review'),
    both(not(question.kind.maintenance), not(proven)),
  );
  if (applies === false) return null;
  if (applies === undefined) {
    const noRuns = procedure !== null && procedure.successfulRuns === undefined;
    return noRuns ? missing('how often its procedure has succeeded') : notKnownWhether(question);
  }
  return judgeApproval(
    question,
    { ways: question.policy.approvals.review, for: PLAN },
    {
      given: 'What never ran successfully before was reviewed by',
      needs: 'What never ran successfully before needs a review',
    },
  );
}

export function eocPlanReview(question: Judged): Finding | null {
  const applies = both(asks(question, 'eoc-plan-review'), not(question.kind.mature));
  if (applies === false) return null;
  if (applies === undefined) return notKnownWhether(question);
  return judgeApproval(question, EOC_REVIEW, {
    given: 'The plan was reviewed by who is EOC at its start',
    needs: 'The plan needs the review of a person who is EOC at its start',
  });
}
