import { CRITICALITIES, KINDS, SEVERITIES, STAGES } from '../../../src/kernel/policy/facts.ts';

/** Of which kind of change the checklist is, what the policy is asked of it, and which of its versions are compared. */
export interface PolicySearch {
  readonly severity?: (typeof SEVERITIES)[number];
  readonly kind?: (typeof KINDS)[number];
  readonly environment?: string;
  readonly criticality?: (typeof CRITICALITIES)[number];
  readonly deployment?: (typeof STAGES)[number];
  /** Minutes, with the time to undo it. */
  readonly length?: number;
  /** `2026-12-24T22:00`, UTC; now if absent. */
  readonly at?: string;
  /** Numbers of versions. */
  readonly from?: number;
  readonly to?: number;
}

const AT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/;
const MOST_MINUTES = 100_000;

export function policySearch(search: Record<string, unknown>): PolicySearch {
  const severity = SEVERITIES.find((one) => one === search['severity']);
  const kind = KINDS.find((one) => one === search['kind']);
  const criticality = CRITICALITIES.find((one) => one === search['criticality']);
  const deployment = STAGES.find((one) => one === search['deployment']);
  const { environment, at } = search;
  const [length, from, to] = ['length', 'from', 'to'].map((name) => whole(search[name]));
  return {
    ...(severity !== undefined && { severity }),
    ...(kind !== undefined && { kind }),
    ...(typeof environment === 'string' && environment !== '' && { environment }),
    ...(criticality !== undefined && { criticality }),
    ...(deployment !== undefined && { deployment }),
    ...(length !== undefined && length <= MOST_MINUTES && { length }),
    ...(typeof at === 'string' && AT.test(at) && !Number.isNaN(Date.parse(`${at}Z`)) && { at }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
  };
}

function whole(value: unknown): number | undefined {
  return Number.isSafeInteger(Number(value)) && Number(value) > 0 ? Number(value) : undefined;
}
