import { kindNotKnown } from './effective-kind.ts';
import { deny, missing, pass, unknown, type Finding } from './finding.ts';
import { listed, numberOf, waysOf } from './in-words.ts';
import type { Judged } from './judged.ts';
import { SEVERITIES } from './facts.ts';
import type { Policy, Ways } from './policy.ts';
import { asks } from './question.ts';
import { both, not, type Truth } from './truth.ts';
import { everyApprover, judgeApproval, whatWasSeen, type WantedWays } from './ways.ts';

// Who reviewed and approved the plan.

const PLAN = 'plan';
const EOC_REVIEW: WantedWays = { ways: waysOf([['eoc']]), for: PLAN };

export function directorApproval(question: Judged): Finding | null {
  const { maintenance } = question.kind;
  if (maintenance === false) return null;
  if (maintenance === undefined) return kindNotKnown(question.kind);
  return planApproved(question, question.policy.approvals.director, question.kind.because);
}

export function managementApproval(question: Judged): Finding | null {
  const applies = both(asks(question, 'management-approval'), not(question.kind.mature));
  if (applies === false) return null;
  if (applies === undefined) return notKnownWhether(question);
  // Its criticality asks for it; being maintenance would not.
  const why = `it is ${question.change.criticality ?? 'of this criticality'}`;
  return planApproved(question, question.policy.approvals.management, why);
}

function planApproved(question: Judged, ways: Ways, why: string): Finding {
  const roles = ways.inWords;
  return judgeApproval(
    question,
    { ways, for: PLAN },
    {
      given: `The plan was approved by ${roles}`,
      needs: `The plan has to be approved by ${roles}, because ${why}`,
    },
  );
}

function notKnownWhether({ kind, ceremony }: Judged): Finding {
  if (ceremony === undefined) return missing('the criticality');
  return kind.maintenance === undefined ? kindNotKnown(kind) : missing('whether its procedure has graduated');
}

export function reviewQuorum(question: Judged): Finding | null {
  const { change, policy, kind } = question;
  if (kind.maintenance === false) return null;
  if (kind.maintenance === undefined) return kindNotKnown(kind);
  const { severity } = change;
  const wanted = { ways: policy.approvals.review, for: PLAN };
  const reviewers = severity === undefined ? leastOf(policy) : policy.severities[severity].reviewers;
  const { sure, perhaps } = everyApprover(question, wanted);
  const whose = severity === undefined ? 'maintenance of any severity' : `${severity} maintenance`;
  const because = `${numberOf(reviewers, 'reviewer')} wanted for ${whose}, ${sure.length} counted`;
  const most = new Set([...sure, ...perhaps]).size;
  if (severity === undefined && most >= reviewers) return missing('the severity');
  if (sure.length >= reviewers) return pass(`${because}: ${listed(sure)}.`);
  const seen = `${because}: ${whatWasSeen(question, wanted)}.`;
  return most >= reviewers ? unknown(seen) : deny(seen);
}

/** Fewer reviewers than any severity asks for are too few, whichever it is. */
function leastOf({ severities }: Policy): number {
  return Math.min(...SEVERITIES.map((severity) => severities[severity].reviewers));
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
  const ways = question.policy.approvals.review;
  // Runs from before its last trouble do not count, so that it may well have succeeded once.
  const what =
    procedure === null
      ? 'A service change without a procedure'
      : `A service change whose procedure${procedure.id === undefined ? '' : `, ${procedure.id},`} has no successful run that counts`;
  return judgeApproval(
    question,
    { ways, for: PLAN },
    { given: `${what} was reviewed by`, needs: `${what} has to be reviewed by ${ways.inWords}` },
  );
}

export function eocPlanReview(question: Judged): Finding | null {
  const applies = both(asks(question, 'eoc-plan-review'), not(question.kind.mature));
  if (applies === false) return null;
  if (applies === undefined) return notKnownWhether(question);
  return judgeApproval(question, EOC_REVIEW, {
    given: 'The plan was reviewed by who is EOC at its start',
    needs: 'The plan has to be reviewed by a person who is EOC at its start',
  });
}
