import * as cedar from '@cedar-policy/cedar-wasm/nodejs';

/** Ten rules of the policy as far as Cedar can say them: each a `forbid` over facts that are worked out beforehand. */
const POLICIES = `
permit(principal, action, resource);
@id("environment-known") forbid(principal, action, resource) unless { context.environmentKnown };
@id("criticality-floor") forbid(principal, action, resource) when { context.criticality > context.floor };
@id("allowed-hours") forbid(principal, action, resource) when { context.criticality <= 2 && context.hour >= 6 && context.hour < 22 };
@id("soft-lock") forbid(principal, action, resource) when { context.criticality <= 2 && context.softLocks > 0 };
@id("hard-lock") forbid(principal, action, resource) when { context.hardLocks > 0 };
@id("announced") forbid(principal, action, resource) unless { context.criticality > 2 || context.announced };
@id("review-quorum") forbid(principal, action, resource) when { context.kind == "maintenance" && context.reviewers < 3 };
@id("no-active-incident") forbid(principal, action, resource) when { context.activeIncidents > 0 };
@id("metrics-available") forbid(principal, action, resource) unless { context.prometheus == "pass" && context.thanos == "pass" && context.alertmanager == "pass" };
@id("run-from-bastion") forbid(principal, action, resource) unless { context.host == "bastion" };
`;

/** The facts of those ten rules, the same for both references. */
export const TEN_FACTS = {
  environmentKnown: true,
  criticality: 1,
  floor: 1,
  hour: 22,
  softLocks: 0,
  hardLocks: 0,
  announced: true,
  kind: 'maintenance',
  reviewers: 3,
  activeIncidents: 0,
  prometheus: 'pass',
  thanos: 'pass',
  alertmanager: 'pass',
  host: 'bastion',
};

const POLICY_SET = 'ten-rules';

/** Prepares a stateful Cedar call (policies parsed once) over ten comparable rules. */
export function cedarCall(): () => void {
  const parsed = cedar.preparsePolicySet(POLICY_SET, { staticPolicies: POLICIES });
  if (parsed.type !== 'success')
    throw new Error(`expected policies that Cedar can parse, got \`${JSON.stringify(parsed)}\``);
  return () => {
    const answer = cedar.statefulIsAuthorized({
      principal: { type: 'Person', id: 'ben' },
      action: { type: 'Action', id: 'start' },
      resource: { type: 'Change', id: 'CHG-1' },
      context: TEN_FACTS,
      preparsedPolicySetId: POLICY_SET,
      entities: [],
    });
    if (answer.type !== 'success' || answer.response.decision !== 'allow') {
      throw new Error(`expected Cedar to allow, got \`${JSON.stringify(answer)}\``);
    }
  };
}
