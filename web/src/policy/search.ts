import { KINDS, SEVERITIES } from '../../../src/kernel/policy/facts.ts';

/** Of which kind of change the checklist is. */
export interface PolicySearch {
  readonly severity?: (typeof SEVERITIES)[number];
  readonly kind?: (typeof KINDS)[number];
}

export function policySearch(search: Record<string, unknown>): PolicySearch {
  const severity = SEVERITIES.find((one) => one === search['severity']);
  const kind = KINDS.find((one) => one === search['kind']);
  return { ...(severity !== undefined && { severity }), ...(kind !== undefined && { kind }) };
}
