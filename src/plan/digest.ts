import type { Plan } from '../contract/plan.ts';
import { PLAN_PARTS, type PlanPart } from '../kernel/change/part.ts';
import { canonicalJson } from '../kernel/ledger/canonical.ts';
import type { Hash } from '../kernel/ledger/hash.ts';
import { toUtf8 } from '../kernel/ledger/utf8.ts';

/**
 * Where each field of a plan belongs. `null` is cosmetic: words for people, and what the request itself decides (who
 * opened it, who reviews, which slot it gets), so that an edit there voids no approval.
 */
export const PART_OF_FIELD = {
  interlock: 'classification',
  title: null,
  description: null,
  author: null,
  reviewers: null,
  slot: null,
  objective: 'purpose',
  reason: 'purpose',
  impact: 'purpose',
  testedBefore: 'purpose',
  procedure: 'classification',
  environment: 'classification',
  services: 'classification',
  topics: 'classification',
  kind: 'classification',
  deployment: 'classification',
  monthlyRelease: 'classification',
  criticality: 'classification',
  severity: 'classification',
  downtime: 'classification',
  resolvesIncident: 'classification',
  team: 'people',
  executor: 'people',
  emoc: 'people',
  cmoc: 'people',
  bridge: 'people',
  estimate: 'estimate',
  targets: 'targets',
  targetsFrom: 'targets',
  assumptions: 'assumptions',
  preflight: 'checks',
  postchecks: 'checks',
  steps: 'steps',
  rollback: 'rollback',
  dryRunMayDiffer: 'steps',
  watch: 'watch',
  watching: 'checks',
  communication: 'communication',
  exceptions: 'exceptions',
} as const satisfies Record<keyof Plan, PlanPart | null>;

/** `sha256:` and 64 hexadecimal digits. */
export type Digest = `sha256:${string}`;

export interface PlanDigest {
  /** What an approval binds to: changes with any material edit, and with no other. */
  readonly digest: Digest;
  readonly parts: Readonly<Record<PlanPart, Digest>>;
}

/**
 * The digest of a plan's meaning: over the plan as it was read, so that comments, the order of keys, quoting, folding
 * and the unit that a duration was written in are not in it. Scripts count by their SHA-256.
 */
export function digestPlan(plan: Plan, hash: Hash): PlanDigest {
  const meaning = withoutOrder(plan);
  const digestOf = (value: unknown): Digest => `sha256:${hex(hash(toUtf8(canonicalJson(value))))}`;
  const fields = Map.groupBy(Object.entries(meaning), ([field]) => PART_OF_FIELD[field as keyof Plan]);
  const fieldsOf = (part: PlanPart) => Object.fromEntries(fields.get(part) ?? []);
  const parts = Object.fromEntries(PLAN_PARTS.map((part) => [part, digestOf(fieldsOf(part))])) as Record<
    PlanPart,
    Digest
  >;
  return { digest: digestOf(parts), parts };
}

/** Sets that a file can only write as lists: their order means nothing. Targets and steps keep theirs. */
function withoutOrder(plan: Plan): Plan {
  return {
    ...plan,
    services: plan.services.toSorted(),
    topics: plan.topics.toSorted(),
    team: plan.team.toSorted(),
  };
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Bytes as lower-case hexadecimal digits. */
export function hex(bytes: Uint8Array): string {
  let digits = '';
  for (const byte of bytes) digits += HEX[byte];
  return digits;
}

/** The parts in which two digests differ: what an edit touched. */
export function changedParts(before: PlanDigest, after: PlanDigest): readonly PlanPart[] {
  return PLAN_PARTS.filter((part) => before.parts[part] !== after.parts[part]);
}
