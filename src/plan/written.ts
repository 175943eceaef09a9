import type { PlanPath } from './walk.ts';

/** A mapping as it was written, before anybody looked at its fields. */
export type Mapping = Readonly<Record<string, unknown>>;

/** What a step or a check was laid out for: one target, in a stage that counts from 1. Checks and undoing know no stages. */
export interface ForTarget {
  readonly target: string;
  readonly stage: number;
  readonly stages: number;
}

/** One item of a list that is laid out, where it was written, and for which target it is. */
export interface Item {
  readonly value: unknown;
  readonly origin: PlanPath;
  readonly forTarget?: ForTarget | undefined;
}

export type Named = { readonly name: string; readonly type: string };

export const isMapping = (value: unknown): value is Mapping =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const valueAt = (value: unknown, path: PlanPath): unknown =>
  path.reduce((inner, key) => (isMapping(inner) ? inner[key] : undefined), value);

/** A copy with another value at a path of keys. */
export function withAt(plan: Mapping, [key = '', ...rest]: PlanPath, value: unknown): Mapping {
  const inner = plan[key];
  return { ...plan, [key]: rest.length === 0 ? value : withAt(isMapping(inner) ? inner : {}, rest, value) };
}

/** The targets that a plan names, as far as they are written well. */
export function targetsOf(written: Mapping): readonly Named[] {
  const targets = written['targets'];
  if (!Array.isArray(targets)) return [];
  return targets.filter(
    (one): one is Named =>
      isMapping(one) && typeof one['name'] === 'string' && typeof one['type'] === 'string',
  );
}
