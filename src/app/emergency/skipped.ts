import { parseFacts, type FactsDocument } from '../../contract/facts.ts';
import { decide } from '../../kernel/policy/decide.ts';
import type { Policy } from '../../kernel/policy/policy.ts';
import type { Decision, RuleId } from '../../kernel/policy/rule.ts';

/** The rules that would refuse if nobody had approved the emergency, and do not: what is to be caught up on. */
export function skippedByEmergency(policy: Policy, facts: FactsDocument, decision: Decision): RuleId[] {
  const { change } = facts;
  const approvals = change?.approvals ?? [];
  const others = approvals.filter(({ for: subject }) => subject !== 'emergency');
  if (!change || others.length === approvals.length) return [];
  const parsed = parseFacts({ ...facts, change: { ...change, approvals: others } });
  if (!parsed.ok)
    throw new Error('expected facts that were judged a moment ago, got facts that cannot be read');
  const refusing = new Set(
    decide(policy, parsed.facts)
      .verdicts.filter(({ verdict }) => verdict === 'deny' || verdict === 'unknown')
      .map(({ rule }) => rule),
  );
  return decision.verdicts
    .filter(({ rule, verdict }) => (verdict === 'warn' || verdict === 'excepted') && refusing.has(rule))
    .map(({ rule }) => rule);
}
