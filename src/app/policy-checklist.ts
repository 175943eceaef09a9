import type { ChecklistQuery, PolicyChecklist } from '../contract/policy-checklist.ts';
import { CRITICALITIES } from '../kernel/policy/facts.ts';
import { requirementsOf } from '../kernel/policy/requirement.ts';
import { RULES } from '../kernel/policy/rule.ts';
import { RULE_TABLE } from '../kernel/policy/rules.ts';
import type { AppContext } from './context.ts';

/** What the policy of this server asks of a kind of change, from the texts that `interlock policy explain` prints. */
export function showChecklist(
  { policy: { policy, digest } }: Pick<AppContext, 'policy'>,
  { severity, kind }: ChecklistQuery,
): PolicyChecklist {
  const asked = CRITICALITIES.flatMap((criticality) =>
    requirementsOf(policy, { criticality, severity, kind, deployment: null, graduated: false }).map(
      ({ rule, what }) => ({ rule, criticality, what }),
    ),
  );
  return {
    name: policy.name,
    digest,
    rules: RULES.map((rule) => ({
      rule,
      ...policy.rules[rule],
      at: [...RULE_TABLE[rule].at],
      asked: asked.filter((one) => one.rule === rule).map(({ criticality, what }) => ({ criticality, what })),
    })),
  };
}
