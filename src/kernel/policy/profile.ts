import type { Criticality, Kind, Severity, Stage } from './facts.ts';
import type { Policy } from './policy.ts';

/** A kind of change, as far as the ceremony that it needs depends on it. */
export type Profile = {
  readonly criticality: Criticality;
  readonly severity: Severity;
  readonly kind: Kind;
  readonly deployment: Stage | null;
  /** Made with a procedure that has graduated. */
  readonly graduated: boolean;
};

/** Whether such a change counts as maintenance, whatever it calls itself; error budgets are not looked at. */
export function isMaintenance(policy: Policy, { kind, severity, graduated }: Profile): boolean {
  return kind === 'maintenance' || (policy.severities[severity].severe && !graduated);
}

/** Whether it is a service change made with a graduated procedure. */
export function isMature(policy: Policy, profile: Profile): boolean {
  return profile.graduated && !isMaintenance(policy, profile);
}
