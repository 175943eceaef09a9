/** The parts of a plan's meaning. Each has a digest of its own, so that an edit voids only what depended on its part. */
export const PLAN_PARTS = [
  'classification',
  'purpose',
  'people',
  'estimate',
  'targets',
  'assumptions',
  'checks',
  'steps',
  'rollback',
  'watch',
  'communication',
  'exceptions',
] as const;
export type PlanPart = (typeof PLAN_PARTS)[number];

/** What a word about a request may depend on: a part of its plan, its slot, or what its dry run printed. */
export const PARTS = [...PLAN_PARTS, 'slot', 'dry-run'] as const;
export type Part = (typeof PARTS)[number];
