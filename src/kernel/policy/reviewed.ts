import type { Facts } from './facts.ts';
import type { Policy } from './policy.ts';
import { questionOf } from './question.ts';
import { approval } from './ways.ts';

/** Whether a plan had the review that counts, by the facts of a question that was asked then. Not known is no. */
export function wasReviewed(policy: Policy, facts: Facts): boolean {
  return (
    approval(questionOf(policy, facts), { ways: policy.approvals.review, for: 'plan' }).approved === true
  );
}
