import type { Plan } from '../../contract/plan.ts';

/** What a plan says of its change, beside what is done: what a request counts as and needs by it. */
export type PlanHead = Pick<
  Plan,
  | 'environment'
  | 'services'
  | 'topics'
  | 'team'
  | 'kind'
  | 'deployment'
  | 'monthlyRelease'
  | 'criticality'
  | 'severity'
  | 'downtime'
  | 'executor'
  | 'emoc'
  | 'cmoc'
  | 'bridge'
  | 'estimate'
  | 'resolvesIncident'
  | 'procedure'
  | 'exceptions'
>;

/** The head of a plan without the plan. */
export function headOf(plan: Plan): PlanHead {
  const { environment, services, topics, team, kind, deployment, monthlyRelease, criticality, severity } =
    plan;
  const { downtime, executor, emoc, cmoc, bridge, estimate, resolvesIncident, procedure, exceptions } = plan;
  const who = { team, executor, emoc, cmoc };
  const what = { environment, services, topics, kind, deployment, monthlyRelease, criticality, severity };
  return { ...what, ...who, downtime, bridge, estimate, resolvesIncident, procedure, exceptions };
}
