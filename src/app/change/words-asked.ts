import type { ApproverRole } from '../../kernel/policy/facts.ts';
import type { Policy, Ways } from '../../kernel/policy/policy.ts';

/** The capacities in which the policy asks for a word on something: anybody else's would never count. */
export function capacitiesFor(
  subject: string,
  { approvals }: Pick<Policy, 'approvals'>,
): readonly ApproverRole[] {
  const { director, management, review, emergency, release, exemption } = approvals;
  switch (subject.startsWith('lock:') ? 'lock' : subject) {
    case 'plan':
      return ['eoc', ...rolesOf(review, management, director)];
    case 'start':
      return ['eoc', ...rolesOf(release)];
    case 'emergency':
      return rolesOf(emergency);
    case 'lock':
      return rolesOf(exemption);
    default:
      return [];
  }
}

function rolesOf(...all: readonly Ways[]): ApproverRole[] {
  return [...new Set(all.flatMap(({ any }) => any.flat()))];
}
