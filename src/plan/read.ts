import { planFile, type Plan } from '../contract/plan.ts';
import type { Problem, Source } from '../documents/problem.ts';
import { readDocument } from '../documents/read.ts';
import { layOut, type Rollout } from './lay-out.ts';
import { danglingReferences } from './references.ts';
import type { Place } from './rule.ts';
import type { PlanPath } from './walk.ts';

export type ReadPlan =
  | {
      readonly ok: true;
      readonly plan: Plan;
      /** Where a part of the plan stands in the file; of a part that is not written, its nearest parent. */
      readonly placeOf: (path: PlanPath) => Place;
      /** The blocks of steps that were laid out over targets. */
      readonly rollouts: readonly Rollout[];
    }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/**
 * Reads a plan file (YAML or JSON) and lays it out into plain steps and checks. Whatever a person got wrong is a problem
 * with its place in the file: the form, and names that lead nowhere. What a well-formed plan lacks is the linter's to say.
 * Never throws for what a person wrote.
 */
export function readPlan(source: Source): ReadPlan {
  let rollouts: readonly Rollout[] = [];
  const read = readDocument<Plan>(planFile, source, (written) => {
    const laid = layOut(written);
    if (laid.ok) ({ rollouts } = laid);
    return laid;
  });
  if (!read.ok) return read;
  const plan = read.value;
  const problems = danglingReferences(plan).map(({ path, message }) => read.problemAt(path, message));
  if (problems.length > 0) return { ok: false, problems };
  const placeOf = (path: PlanPath): Place => {
    const { line, column } = read.problemAt(path, '');
    return { line, column };
  };
  return { ok: true, plan, placeOf, rollouts };
}
